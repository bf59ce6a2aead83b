"""An HTML body whose shared bytes are encoded once: what each reader has of their own is put in
its place. The bytes are those of `mime.build`."""

from collections.abc import Sequence

from levier.foundation.messaging.channels.mime import LONGEST_LINE


class Mould:
    """Texts that all share, with a place between each two of them."""

    def __init__(self, shared: Sequence[str]) -> None:
        """`shared` has one text more than there are places."""
        self.chunks = [_crlf(text) for text in shared]
        self.rooms = _rooms(self.chunks)

    def fill(self, words: Sequence[str]) -> bytes | None:
        """The body, in eight bits, CRLF line ends; None when a line would be too long for that,
        or when a word has line ends of its own."""
        own = [word.encode() for word in words]
        for room, first, last in self.rooms:
            if sum(map(len, own[first:last])) > room:
                return None
        if any(b"\r" in word or b"\n" in word for word in own):
            return None
        whole = [self.chunks[0]]
        for word, chunk in zip(own, self.chunks[1:], strict=True):
            whole += (word, chunk)
        return b"".join(whole)


def _crlf(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\r", "\n").encode().replace(b"\n", b"\r\n")


def _rooms(chunks: Sequence[bytes]) -> list[tuple[int, int, int]]:
    """For each line, the octets that its words may have, and which words these are; a line without
    any matters only when it is too long by itself."""
    rooms, place = [], 0
    for line in b"\x00".join(chunks).split(b"\r\n"):
        words = line.count(b"\x00")
        room = LONGEST_LINE - len(line) + words
        if words or room < 0:
            rooms.append((room, place, place + words))
        place += words
    return rooms
