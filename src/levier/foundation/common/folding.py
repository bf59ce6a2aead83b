"""Text as it is compared when somebody looks for it: without case, accents or ligatures.

Folding is done here on both sides, on what is kept and on what is typed, so that the two agree.
"""

import re
import unicodedata
from collections.abc import Iterator

# Letters that Unicode does not take apart.
_WHOLE = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)+")
LONGEST_WORD = 100


def folded(text: str) -> str:
    """« Élodie Œuvrard » → « elodie oeuvrard »."""
    if text.isascii():
        return text.lower()
    parted = unicodedata.normalize("NFKD", text.casefold().translate(_WHOLE))
    return "".join(c for c in parted if not unicodedata.combining(c)).casefold()


def words(text: str) -> list[str]:
    """The words of a text, folded: « Jean-Pierre O’Neil » → jean, pierre, o, neil."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded(text))]


def findable(text: str) -> Iterator[str]:
    """The words of a text and, for those written in several parts, the whole in one: who looks
    for « oneil » or « jeanpierre » finds too."""
    yield from words(text)
    for whole in _JOINED.findall(folded(text)):
        yield "".join(_WORD.findall(whole))[:LONGEST_WORD]


def name_key(first_name: str, last_name: str) -> str:
    """What names are sorted and compared by: « Élodie Le Goff » → « le goff elodie »."""
    return " ".join((*words(last_name), *words(first_name)))
