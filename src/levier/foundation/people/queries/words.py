"""What a person is found by, and what somebody typed to find them, in the same words."""

import re
from collections.abc import Iterable, Iterator

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.functions import Cast

from levier.foundation.common.folding import LONGEST_WORD, findable, folded, words

MOST_WORDS = 8
# Beginnings kept as words of their own, behind a sign that nobody types: PostgreSQL reads the list
# of those who have one as it is, where it would gather those of every word that begins so
# (docs/decisions/60).
KEPT_BEGINNINGS = (3, 4, 5)
BEGINS = "~"
# A number in several groups, or in one long one.
_NUMBER = re.compile(r"(?<![\w@])\+?\(?\d[\d .()/\u00a0\u202f-]{4,}\d(?![\w@])")
_DIGITS = re.compile(r"\d+")
# Countries where the number starts with a 0 when called from inside.
_WITH_TRUNK_ZERO = ("33", "32", "41", "44", "49")


def words_of_person(*, names: Iterable[str], addresses: Iterable[str], postcode: str) -> list[str]:
    """Every word a person is found by, each once; never empty words, no space inside."""
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys(findable(name)))
    for address in addresses:
        found.update(dict.fromkeys(_words_of_address(address)))
    found.update(dict.fromkeys(words("".join(postcode.split()))))
    return list(found)


def with_beginnings(known: Iterable[str]) -> list[str]:
    """These words and their short beginnings, each once."""
    found = dict.fromkeys(known)
    for word in list(found):
        kept = (f"{BEGINS}{word[:length]}" for length in KEPT_BEGINNINGS if len(word) >= length)
        found.update(dict.fromkeys(kept))
    return list(found)


def _words_of_address(address: str) -> Iterator[str]:
    if "@" in address:
        yield "".join(folded(address).split())[:LONGEST_WORD]
        yield from words(address)
    else:
        yield from numbers(address) or words(address)


def numbers(typed: str) -> list[str]:
    """A telephone number as it may have been written: 33612345678 and 0612345678."""
    digits = "".join(_DIGITS.findall(typed)).removeprefix("00")
    international = typed.strip().startswith(("+", "00")) or len(digits) > 10
    if international and digits.startswith(_WITH_TRUNK_ZERO):
        return [digits, f"0{digits[2:]}"]
    return [digits] if digits else []


def found_by(typed: str) -> Q | None:
    """The people (SearchWords) among whose words each word typed begins one (« andré mar »); None
    when nothing that can be looked for was typed."""
    asked = [" | ".join(map(_begun_by, any_of)) for any_of in typed_words(typed)]
    if not asked:
        return None
    query = Cast(Value(" & ".join(f"({one})" for one in asked)), SearchQueryField())
    return Q(
        Func(
            F("words"),
            query,
            template="%(expressions)s",
            arg_joiner=" @@ ",
            output_field=BooleanField(),
        )
    )


def _begun_by(word: str) -> str:
    """What asks for every word that begins so, in PostgreSQL's language of queries."""
    return f"'{BEGINS}{word}'" if len(word) in KEPT_BEGINNINGS else f"'{word}':*"


def typed_words(typed: str) -> list[list[str]]:
    """For each thing typed, the spellings any of which will do. No letter of them is a sign of
    PostgreSQL's own language of queries."""
    typed = typed.replace("\x00", " ")
    found = [numbers(number) for number in _NUMBER.findall(typed)]
    for part in _NUMBER.sub(" ", typed).split():
        address = "".join(re.findall(r"[\w.@+\-]", folded(part)))
        if "@" in address.strip("@"):
            found.append([address[:LONGEST_WORD]])
        else:
            found.extend([word] for word in words(part))
    return [[word[:LONGEST_WORD] for word in any_of] for any_of in found if any_of][:MOST_WORDS]
