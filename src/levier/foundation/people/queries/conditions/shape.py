"""Conditions on people, as they are kept.

In JSON: {"mode": "all", "groups": [{"mode": "any", "conditions":
[{"kind": "tag", "not": false, "values": {"tag": "3"}}]}]}. Values are texts, as typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MOST_GROUPS = 8
MOST_CONDITIONS = 12  # in a group


class Mode(StrEnum):
    """How conditions of a group, or groups, go together."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition, turned round when `negated`."""

    kind: str
    negated: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Conditions that go together."""

    mode: Mode = Mode.ALL
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """Groups that go together. None at all means everybody."""

    mode: Mode = Mode.ALL
    groups: tuple[Group, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What `Vocabulary.read` takes back."""
        return {
            "mode": str(self.mode),
            "groups": [
                {
                    "mode": str(group.mode),
                    "conditions": [
                        {"kind": one.kind, "not": one.negated, "values": dict(one.values)}
                        for one in group.conditions
                    ],
                }
                for group in self.groups
            ],
        }
