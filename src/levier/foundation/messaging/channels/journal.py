"""What a worker did with each mail, on its own disk, before the database knows.

One line when the text of a mail is about to leave, one for its final reply, written at once: a
worker killed in between leaves in doubt no more mails than it had connections (J13). The disk is
waited for before a group of replies is acknowledged. A journal whose worker is dead is replayed.
"""

import fcntl
import os
import re
import threading
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SEGMENT = 200_000  # lines of one file
ENDED = ".done"  # what follows the name of a file that the database knows all of
LINE = re.compile(r"R (\d+) (\w+) (\w+) ([0-9a-f]{16}) (.*)")
LINE_END = re.compile(r"[\r\n]+")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The final reply to one mail."""

    delivery: int
    lane: str
    verdict: str
    mark: bytes
    reply: str


@dataclass(kw_only=True)
class Replay:
    """What a journal says: whose it is, what was begun without a reply, and the replies."""

    path: Path
    worker: uuid.UUID
    same_boot: bool  # written since the machine started: nothing was lost on the way to the disk
    begun: set[int] = field(default_factory=set)
    replies: dict[int, Entry] = field(default_factory=dict)


class Journal:
    """The journal of a living worker. All calls but `sync` come from one thread."""

    def __init__(self, folder: Path, worker: uuid.UUID) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.worker = folder, worker
        self._open: dict[int, bytes] = {}  # what is not acknowledged, by delivery
        self._turning = threading.Lock()
        self._segment = self._lines = 0
        self._file = self._begin()

    def begun(self, delivery: int) -> None:
        """The text of a mail is about to leave."""
        self._write(delivery, f"S {delivery}")

    def replied(self, entry: Entry) -> None:
        """A final reply has come, or will never come."""
        reply = LINE_END.sub(" ", entry.reply)
        told = f"R {entry.delivery} {entry.lane} {entry.verdict} {entry.mark.hex()} {reply}"
        self._write(entry.delivery, told)

    def sync(self) -> None:
        """Wait for the disk. From any thread."""
        with self._turning:
            os.fsync(self._file)

    def acknowledged(self, deliveries: Iterable[int]) -> None:
        """The database knows these; a full file is put aside, what is left open goes on."""
        for delivery in deliveries:
            self._open.pop(delivery, None)
        if self._lines >= SEGMENT:
            with self._turning:
                self._turn()

    def close(self) -> None:
        """Leave the file to whoever replays it."""
        os.close(self._file)

    def _turn(self) -> None:
        old, path = self._file, self._path()
        self._segment += 1
        self._file = self._begin()
        path.rename(path.with_suffix(ENDED))
        os.close(old)

    def _path(self) -> Path:
        return self.folder / f"{self.worker}-{self._segment:04d}.log"

    def _begin(self) -> int:
        path = self._path()
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        lines = [f"levier 1 {self.worker} {_boot()}".encode(), *self._open.values(), b""]
        os.write(file, b"\n".join(lines))
        os.fsync(file)
        self._lines = len(lines)
        return file

    def _write(self, delivery: int, line: str) -> None:
        told = line.encode(errors="replace")
        os.write(self._file, told + b"\n")
        self._open[delivery] = told
        self._lines += 1


def orphans(folder: Path) -> Iterator[Replay]:
    """The journals whose worker is dead, one after the other; each is held while it is read, and
    put aside once the caller asks for the next."""
    for path in sorted(folder.glob("*.log")):
        try:
            file = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue  # another worker was faster
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists():
                yield read(path)
                path.rename(path.with_suffix(ENDED))
        except BlockingIOError:
            continue  # its worker lives
        finally:
            os.close(file)


def read(path: Path) -> Replay:
    """A journal, up to its last whole line."""
    text = path.read_text(errors="replace")
    head, *lines = text[: text.rfind("\n") + 1].split("\n") if "\n" in text else [""]
    words = head.split(" ")
    if len(words) != 4 or words[0] != "levier":
        return Replay(path=path, worker=uuid.UUID(int=0), same_boot=False)
    boot = words[3]
    told = Replay(path=path, worker=uuid.UUID(words[2]), same_boot=boot == _boot() != "-")
    for line in lines:
        _take(told, line)
    return told


def _take(told: Replay, line: str) -> None:
    if line.startswith("S "):
        told.begun.add(int(line[2:]))
        return
    found = LINE.fullmatch(line)
    if found is not None:
        delivery = int(found[1])
        told.begun.discard(delivery)
        told.replies[delivery] = Entry(
            delivery=delivery,
            lane=found[2],
            verdict=found[3],
            mark=bytes.fromhex(found[4]),
            reply=found[5],
        )


def _boot() -> str:
    """What tells one start of the machine from another; « - » where nothing does."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip() or "-"
    except OSError:
        return "-"
