"""A segment while somebody writes it: fields of a form, added and taken off without JavaScript.

Fields are named by place: `g0-mode`, `g0-c1-sorte`, `g0-c1-non`, `g0-c1-petition`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from levier.foundation.people.queries.conditions.kinds import Choices, Kind, Parameter
from levier.foundation.people.queries.conditions.shape import (
    MOST_CONDITIONS,
    MOST_GROUPS,
    Conditions,
    Mode,
)
from levier.foundation.people.queries.conditions.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True)
class Box:
    """One input of a condition."""

    name: str
    parameter: Parameter
    value: str
    choices: Choices


@dataclass(kw_only=True)
class DraftCondition:
    """One condition, whatever was typed in it."""

    kind: str
    negated: bool = False
    values: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class DraftGroup:
    """Conditions that go together."""

    mode: str = Mode.ALL
    conditions: list[DraftCondition] = field(default_factory=list)


@dataclass(kw_only=True)
class Draft:
    """A segment's name and conditions, as typed."""

    name: str = ""
    mode: str = Mode.ALL
    groups: list[DraftGroup] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What a vocabulary reads; empty groups are left out."""
        return {
            "mode": self.mode,
            "groups": [
                {
                    "mode": group.mode,
                    "conditions": [
                        {"kind": one.kind, "not": one.negated, "values": one.values}
                        for one in group.conditions
                    ],
                }
                for group in self.groups
                if group.conditions
            ],
        }


def draft_of(name: str, conditions: Conditions) -> Draft:
    """A segment as its form shows it; a new one has a group to fill."""
    groups = [
        DraftGroup(
            mode=group.mode,
            conditions=[
                DraftCondition(kind=one.kind, negated=one.negated, values=dict(one.values))
                for one in group.conditions
            ],
        )
        for group in conditions.groups
    ]
    return Draft(name=name, mode=conditions.mode, groups=groups or [DraftGroup()])


def typed_draft(data: Mapping[str, str], kinds: Mapping[str, Kind]) -> Draft:
    """What was posted; what cannot be is left out, whatever it is."""
    groups = []
    for i in range(MOST_GROUPS):
        if f"g{i}-mode" not in data:
            continue
        found = [_typed_condition(data, f"g{i}-c{j}", kinds) for j in range(MOST_CONDITIONS)]
        groups.append(
            DraftGroup(mode=_mode(data[f"g{i}-mode"]), conditions=[one for one in found if one])
        )
    return Draft(
        name=" ".join(data.get("nom", "").replace("\x00", " ").split())[:80],
        mode=_mode(data.get("mode", "")),
        groups=groups or [DraftGroup()],
    )


def changed(draft: Draft, gesture: str, data: Mapping[str, str], kinds: Mapping[str, Kind]) -> None:
    """Add or take off what a button asks for: « ajouter:0 », « retirer:0:2 », « groupe »."""
    verb, _colon, place = gesture.partition(":")
    where = [int(part) for part in place.split(":") if part.isascii() and part.isdigit()][:2]
    if verb == "groupe" and len(draft.groups) < MOST_GROUPS:
        draft.groups.append(DraftGroup())
    elif not where or where[0] >= len(draft.groups):
        return
    elif verb == "ajouter":
        group, kind = draft.groups[where[0]], data.get(f"g{where[0]}-ajout", "")
        if kind in kinds and len(group.conditions) < MOST_CONDITIONS:
            group.conditions.append(DraftCondition(kind=kind))
    elif verb == "retirer" and len(where) == 1:
        del draft.groups[where[0]]
    elif verb == "retirer" and where[1] < len(draft.groups[where[0]].conditions):
        del draft.groups[where[0]].conditions[where[1]]


def shown(draft: Draft, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """The groups, each condition with its inputs, for the template."""
    return [
        {
            "name": f"g{i}",
            "mode": group.mode,
            "conditions": [
                {
                    "name": f"g{i}-c{j}",
                    "place": f"{i}:{j}",
                    "kind": vocabulary.kinds[one.kind],
                    "negated": one.negated,
                    "boxes": _boxes(one, f"g{i}-c{j}", vocabulary),
                }
                for j, one in enumerate(group.conditions)
            ],
            "place": str(i),
        }
        for i, group in enumerate(draft.groups)
    ]


def _boxes(condition: DraftCondition, prefix: str, vocabulary: Vocabulary) -> Sequence[Box]:
    return [
        Box(
            name=f"{prefix}-{parameter.name}",
            parameter=parameter,
            value=condition.values.get(parameter.name, ""),
            choices=vocabulary.choices(parameter),
        )
        for parameter in vocabulary.kinds[condition.kind].parameters
    ]


def _typed_condition(
    data: Mapping[str, str], prefix: str, kinds: Mapping[str, Kind]
) -> DraftCondition | None:
    kind = kinds.get(data.get(f"{prefix}-sorte", ""))
    if kind is None:
        return None
    values = {p.name: data.get(f"{prefix}-{p.name}", "")[:200] for p in kind.parameters}
    return DraftCondition(kind=kind.name, negated=data.get(f"{prefix}-non") == "non", values=values)


def _mode(typed: str) -> str:
    return Mode.ANY if typed == Mode.ANY else Mode.ALL
