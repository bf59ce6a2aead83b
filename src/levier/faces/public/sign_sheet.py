"""The sign form: its boxes, its countries, and what was typed when it comes back refused."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import category, normalize

from levier.faces.public.refusal import Refusal
from levier.foundation.common.countries import country_names
from levier.gathering.petitions.models import Petition
from levier.gathering.petitions.rules.consents import consent_sentences, show_name_sentence

FIELDS = ("first_name", "last_name", "email", "postal_code", "country", "phone", "comment")


@dataclass(frozen=True, kw_only=True)
class Box:
    """One box, unticked unless the visitor just ticked it (P9)."""

    name: str
    sentence: str
    ticked: bool
    errors: list[str]


@dataclass(frozen=True, kw_only=True)
class SummaryLine:
    """One error, and the field to go to; none when the page does not show that field."""

    message: str
    field: str


def sheet_of(petition: Petition, refusal: Refusal | None) -> dict[str, Any]:
    """What the form's template needs, with all that was typed."""
    typed = dict(refusal.typed) if refusal else {}
    errors = dict(refusal.errors) if refusal else {}
    sentences = {**consent_sentences(petition.campaign), "show_name": show_name_sentence()}
    boxes = [
        Box(name=name, sentence=sentence, ticked=bool(typed.get(name)), errors=errors.get(name, []))
        for name, sentence in sentences.items()
    ]
    country = typed.get("country") or petition.country
    return {
        "typed": typed,
        "errors": errors,
        "summary": _summary(errors, {*FIELDS, *sentences}),
        "consents": boxes,
        "countries": countries(),
        "country": country,
    }


@cache
def countries() -> list[tuple[str, str]]:
    """Every country of ISO 3166 with its French name, in French alphabetical order."""
    return sorted(country_names().items(), key=lambda country: _without_accents(country[1]))


def _without_accents(name: str) -> str:
    letters = normalize("NFD", name)
    return "".join(c for c in letters if category(c) != "Mn").lower()


def _summary(errors: dict[str, list[str]], shown: set[str]) -> list[SummaryLine]:
    order = {name: place for place, name in enumerate(FIELDS)}
    return [
        SummaryLine(message=message, field=name if name in shown else "")
        for name in sorted(errors, key=lambda name: order.get(name, len(order)))
        for message in errors[name]
    ]
