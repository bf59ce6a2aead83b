"""A sort of condition: it makes a filter, a form, a question to PostgreSQL, a sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

LONGEST_TEXT = 100
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
LARGEST_NUMBER = 100_000
Text = str | Promise
Choices = Sequence[tuple[str, Text]]


class Sort(StrEnum):
    """What is typed for a parameter."""

    CHOICE = "choice"
    DAY = "day"
    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One thing to fill in. `choices` is asked of an organisation (its id)."""

    name: str
    label: Text
    sort: Sort
    choices: Callable[[int], Choices] | None = None
    required: bool = True
    example: Text = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A condition's values, understood, with the words of what was chosen."""

    organisation: int
    now: datetime
    values: Mapping[str, Any]  # str, int, date; a parameter left empty is absent
    labels: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A sort of condition. `narrows` gives what search entries must fulfil; `says` ends a
    sentence that starts with « les personnes qui », the second one when it is turned round."""

    name: str
    label: Text
    narrows: Callable[[Asked], Q]
    says: Callable[[Asked], str]
    says_not: Callable[[Asked], str]
    parameters: tuple[Parameter, ...] = ()
    needs_one: bool = False  # of its parameters, none of which is required by itself


def _choice(typed: str, choices: Choices) -> str:
    if typed not in dict(choices):
        raise ValueError(typed)
    return typed


def _day(typed: str, _choices: Choices) -> date:
    day = date.fromisoformat(typed)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(typed)
    return day


def _text(typed: str, _choices: Choices) -> str:
    if len(typed) > LONGEST_TEXT:
        raise ValueError(typed)
    return typed


def _number(typed: str, _choices: Choices) -> int:
    if not (typed.isascii() and typed.isdigit()) or not 1 <= int(typed[:9]) <= LARGEST_NUMBER:
        raise ValueError(typed)
    return int(typed[:9])


READERS: Mapping[Sort, Callable[[str, Choices], Any]] = {
    Sort.CHOICE: _choice,
    Sort.DAY: _day,
    Sort.TEXT: _text,
    Sort.NUMBER: _number,
}
