"""What changed between two texts, in words that a reader can follow."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from html import unescape
from itertools import zip_longest

BLOCK_ENDS = re.compile(r"</(?:p|li|h2|h3|blockquote)>|<br\s*/?>")
TAG = re.compile(r"<[^>]+>")
WORD = re.compile(r"\s*\S+")
KEPT = 256  # pairs of texts remembered


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """Some words, and what became of them."""

    change: Change
    text: str


Paragraph = tuple[Piece, ...]


def paragraphs_of(html: str) -> tuple[str, ...]:
    """The words of clean HTML, a paragraph, a title or an item of a list at a time."""
    blocks = BLOCK_ENDS.sub("\n", html).split("\n")
    read = (" ".join(unescape(TAG.sub("", block)).split()) for block in blocks)
    return tuple(block for block in read if block)


@lru_cache(maxsize=KEPT)
def changes(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[Paragraph, ...]:
    """The paragraphs of both texts in order; inside those that changed, the words that did."""
    return tuple(_paragraphs(before, after))


def has_changed(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether anything did."""
    return any(piece.change != Change.SAME for pieces in paragraphs for piece in pieces)


def _paragraphs(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Paragraph]:
    for tag, b0, b1, a0, a1 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from ((Piece(Change.SAME, text),) for text in after[a0:a1])
            continue
        for old, new in zip_longest(before[b0:b1], after[a0:a1]):
            yield tuple(_words(old or "", new or ""))


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = WORD.findall(before), WORD.findall(after)
    for tag, b0, b1, a0, a1 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Change.SAME, "".join(new[a0:a1]))
            continue
        if b1 > b0:
            yield Piece(Change.REMOVED, "".join(old[b0:b1]))
        if a1 > a0:
            yield Piece(Change.ADDED, "".join(new[a0:a1]))
