"""What a template asks for that readers do not have, counted before anything leaves (J8, U33)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.template import Context
from django.utils import translation
from django.utils.translation import ngettext

from levier.foundation.common.typography import number
from levier.foundation.messaging.errors import MissingVariable
from levier.foundation.messaging.mails.compiled import Compiled, one_line
from levier.foundation.messaging.rules.preflight.checks import Check, check_of

MOST = 50  # names of one reader


def missing_variables(
    letter: Compiled, *, shared: Mapping[str, Any], readers: Iterable[tuple[Mapping[str, Any], int]]
) -> Counter[str]:
    """How many people lack each variable that the letter prints.

    `readers` gives one context for each set of variables that are there, and how many people have
    that same set: a million readers are a handful of them.
    """
    found: Counter[str] = Counter()
    for own, people in readers:
        for name in _lacking(letter, {**shared, **own}):
            found[name] += people
    return found


def subject_of(letter: Compiled, variables: Mapping[str, Any]) -> str:
    """The subject, with « … » for what each reader has of their own: a name for lists."""
    filled = {name: value for name, value in variables.items() if value is not None}
    for _ in range(MOST):
        try:
            with translation.override(letter.language):
                return one_line(letter.subject.render(Context(filled, autoescape=False)))
        except MissingVariable as error:
            _fill(filled, error.name, "…")
    return letter.key


def missing_checks(missing: Mapping[str, int]) -> list[Check]:
    """The same in French, for the list shown before a sending; each one forbids it."""
    return [
        check_of("variable_missing", {"name": name, "people": _people(n)})
        for name, n in sorted(missing.items(), key=lambda one: (-one[1], one[0]))
    ]


def _lacking(letter: Compiled, variables: Mapping[str, Any]) -> list[str]:
    """All of them, not only the first: each is filled in turn, until the letter can be written."""
    filled, names = dict(variables), []
    for _ in range(MOST):
        try:
            letter.fill(filled)
        except MissingVariable as error:
            names.append(error.name)
            _fill(filled, error.name)
        else:
            break
    return names


def _fill(variables: dict[str, Any], name: str, word: str = "x") -> None:
    """Put something under a name, which may have a dot."""
    first, *rest = name.split(".")
    value: Any = word
    for key in reversed(rest):
        value = {key: value}
    standing = variables.get(first)
    if isinstance(standing, dict) and isinstance(value, dict):
        value = {**standing, **value}
    variables[first] = value


def _people(n: int) -> str:
    return ngettext("%(n)s personne", "%(n)s personnes", n) % {"n": number(n)}
