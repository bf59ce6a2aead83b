"""The words that keep a comment from being seen before somebody reads it (P52)."""

import re
import unicodedata

WORD = re.compile(r"\w+")


def words_in(listed: str) -> frozenset[tuple[str, ...]]:
    """What a list of words, one per line, looks for: case, accents and plurals in s aside."""
    return frozenset(found for line in listed.splitlines() if (found := _plain(line)))


def says_one_of(text: str, words: frozenset[tuple[str, ...]]) -> bool:
    """Whether a text says one of them, as whole words."""
    if not words:
        return False
    said = _plain(text)
    return any(
        said[at : at + len(word)] == word
        for word in words
        for at in range(len(said) - len(word) + 1)
    )


def _plain(text: str) -> tuple[str, ...]:
    letters = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return tuple(word.removesuffix("s") for word in WORD.findall(bare))
