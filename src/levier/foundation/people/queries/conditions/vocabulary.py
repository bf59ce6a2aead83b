"""The kinds of conditions of one place: read, asked of PostgreSQL, said in French."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from levier.foundation.people.errors import BadConditions
from levier.foundation.people.queries.conditions.kinds import (
    READERS,
    Asked,
    Choices,
    Kind,
    Parameter,
)
from levier.foundation.people.queries.conditions.shape import (
    MOST_CONDITIONS,
    MOST_GROUPS,
    Condition,
    Conditions,
    Group,
    Mode,
)


class Vocabulary:
    """The kinds of conditions known here, for one organisation at one moment. Choices are read
    once, when they are needed."""

    def __init__(self, kinds: Iterable[Kind], *, organisation: int, now: datetime) -> None:
        self.kinds = {kind.name: kind for kind in kinds}
        self.organisation, self.now = organisation, now
        self._choices: dict[int, Choices] = {}

    def choices(self, parameter: Parameter) -> Choices:
        """What can be chosen for a parameter."""
        if parameter.choices is None:
            return ()
        key = id(parameter.choices)
        if key not in self._choices:
            self._choices[key] = parameter.choices(self.organisation)
        return self._choices[key]

    def read(self, raw: Any) -> Conditions:
        """Conditions from JSON. Raises BadConditions, with what is wrong in French."""
        groups = _list(_get(raw, "groups"), MOST_GROUPS)
        return Conditions(
            mode=_mode(_get(raw, "mode")), groups=tuple(self._group(group) for group in groups)
        )

    def q(self, conditions: Conditions) -> Q:
        """What search entries must fulfil. Raises BadConditions."""
        groups = [
            _together(group.mode, [self._narrows(one) for one in group.conditions])
            for group in conditions.groups
            if group.conditions
        ]
        return Q(organisation=self.organisation) & _together(conditions.mode, groups)

    def sentence(self, conditions: Conditions) -> str:
        """« Les personnes qui ont signé « … », et qui habitent en 35. » Raises BadConditions."""
        groups = [
            (_(" ou ") if group.mode == Mode.ANY else _(" et ")).join(
                self._says(one) for one in group.conditions
            )
            for group in conditions.groups
            if group.conditions
        ]
        if not groups:
            return _("Toutes les personnes.")
        between = _("\u202f; ou bien qui ") if conditions.mode == Mode.ANY else _(", et qui ")
        return _("Les personnes qui %(what)s.") % {"what": between.join(groups)}

    def understood(self, condition: Condition) -> Asked:
        """A condition's values. Raises BadConditions."""
        kind = self._kind(condition.kind)
        values, labels = {}, {}
        for parameter in kind.parameters:
            typed = str(condition.values.get(parameter.name, "")).replace("\x00", "").strip()
            if typed:
                values[parameter.name] = self._value(kind, parameter, typed)
                labels[parameter.name] = self._label(parameter, typed)
            elif parameter.required:
                raise BadConditions(_missing(kind, parameter))
        if kind.needs_one and not values:
            raise BadConditions(_missing(kind, kind.parameters[0]))
        return Asked(organisation=self.organisation, now=self.now, values=values, labels=labels)

    def _group(self, raw: Any) -> Group:
        conditions = _list(_get(raw, "conditions"), MOST_CONDITIONS)
        return Group(
            mode=_mode(_get(raw, "mode")),
            conditions=tuple(self._condition(one) for one in conditions),
        )

    def _condition(self, raw: Any) -> Condition:
        values = _get(raw, "values")
        if not isinstance(values, dict) or not isinstance(_get(raw, "kind"), str):
            raise BadConditions
        kind = self._kind(raw["kind"])
        kept = {p.name: str(values[p.name]) for p in kind.parameters if p.name in values}
        condition = Condition(kind=kind.name, negated=raw.get("not") is True, values=kept)
        self.understood(condition)
        return condition

    def _kind(self, name: str) -> Kind:
        if name not in self.kinds:
            raise BadConditions
        return self.kinds[name]

    def _narrows(self, condition: Condition) -> Q:
        asked = self.understood(condition)
        found = self.kinds[condition.kind].narrows(asked)
        return ~found if condition.negated else found

    def _says(self, condition: Condition) -> str:
        kind = self._kind(condition.kind)
        asked = self.understood(condition)
        return kind.says_not(asked) if condition.negated else kind.says(asked)

    def _value(self, kind: Kind, parameter: Parameter, typed: str) -> Any:
        try:
            return READERS[parameter.sort](typed, self.choices(parameter))
        except ValueError as error:
            said = _("« %(kind)s » : « %(typed)s » ne se comprend pas.")
            raise BadConditions(said % {"kind": kind.label, "typed": typed[:40]}) from error

    def _label(self, parameter: Parameter, typed: str) -> str:
        return str(dict(self.choices(parameter)).get(typed, typed))


def _together(mode: Mode, found: list[Q]) -> Q:
    if mode == Mode.ANY:
        return reduce(or_, found, Q()) if found else Q()
    wanted, others = _wanted(found)
    return reduce(and_, others, Q()) & Q(**wanted)  # lists last: they cost the most to look at


def _wanted(found: list[Q]) -> tuple[dict[str, list[int]], list[Q]]:
    """What several conditions want of the same list of numbers, asked once; and the others."""
    wanted: dict[str, list[int]] = {}
    others = []
    for one in found:
        match one.children:
            case [(str(name), list(numbers))] if name.endswith("__contains") and not one.negated:
                wanted.setdefault(name, []).extend(numbers)
            case _:
                others.append(one)
    return wanted, others


def _missing(kind: Kind, parameter: Parameter) -> str:
    said = _("« %(kind)s » : indiquez « %(what)s ».")
    return said % {"kind": kind.label, "what": parameter.label}


def _get(raw: Any, name: str) -> Any:
    if not isinstance(raw, dict) or name not in raw:
        raise BadConditions
    return raw[name]


def _mode(raw: Any) -> Mode:
    if raw not in tuple(Mode):
        raise BadConditions
    return Mode(raw)


def _list(raw: Any, most: int) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > most:
        raise BadConditions
    return raw
