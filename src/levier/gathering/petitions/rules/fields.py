"""The extra questions that a petition declares (P8): at most five asked, kept in its `fields`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.text import slugify

MOST_FIELDS = 5
KEY_LENGTH = 40
LABEL_LENGTH = 160
MOST_OPTIONS = 30
OPTION_LENGTH = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """One question. `key` names its answers for ever; `options` makes it a choice."""

    key: str
    label: str
    required: bool = False
    options: tuple[str, ...] = ()
    retired: bool = False  # not asked any more, but answered once: still in files

    def kept(self) -> dict[str, Any]:
        """As the petition keeps it."""
        return asdict(self)


def declared_in(fields: Iterable[Mapping[str, Any]]) -> list[Declared]:
    """Every question of a petition, those not asked any more included."""
    return [
        Declared(
            key=str(field["key"]),
            label=str(field.get("label", field["key"])),
            required=bool(field.get("required", False)),
            options=tuple(map(str, field.get("options") or ())),
            retired=bool(field.get("retired", False)),
        )
        for field in fields
    ]


def asked_in(fields: Iterable[Mapping[str, Any]]) -> list[Declared]:
    """The questions the form asks."""
    return [one for one in declared_in(fields) if not one.retired][:MOST_FIELDS]


def new_key(label: str, taken: Sequence[str]) -> str:
    """A name for the answers, made from the question and never changed after."""
    plain = slugify(label.replace("’", " ").replace("'", " ")).replace("-", "_")
    wanted = plain[:KEY_LENGTH].strip("_") or "question"
    candidates = (wanted, *(f"{wanted}_{n}" for n in range(2, len(taken) + 3)))
    return next(key for key in candidates if key not in taken)
