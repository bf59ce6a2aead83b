"""The sign form: its boxes, its countries, and what was typed when it comes back refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import category, normalize

from levier.faces.public.refusal import Refusal
from levier.foundation.common.countries import country_names
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.choices import Terms, terms_of
from levier.gathering.petitions.rules.consents import consent_sentences, show_name_sentence
from levier.gathering.petitions.rules.fields import Declared, asked_in


@dataclass(frozen=True, kw_only=True)
class Box:
    """One box, unticked unless the visitor just ticked it (P9)."""

    name: str
    sentence: str
    ticked: bool
    errors: list[str]


@dataclass(frozen=True, kw_only=True)
class Extra:
    """A question of this petition's own (P8)."""

    name: str  # as posted: `extra_<key>`
    label: str
    optional: bool
    options: tuple[str, ...]  # one of them, when there are any
    value: str
    errors: list[str]


@dataclass(frozen=True, kw_only=True)
class SummaryLine:
    """One error, and the field to go to; none when the page does not show that field."""

    message: str
    field: str


def sheet_of(
    petition: Petition, refusal: Refusal | None, *, partner: Partner | None = None
) -> dict[str, Any]:
    """What the form's template needs, with all that was typed."""
    typed = dict(refusal.typed) if refusal else {}
    terms = terms_of(petition)
    errors = dict(refusal.errors) if refusal else {}
    sentences = {**consent_sentences(terms), "show_name": show_name_sentence()}
    if partner is not None:
        sentences["consent_partner"] = partner.sentence
    boxes = [
        Box(name=name, sentence=sentence, ticked=bool(typed.get(name)), errors=errors.get(name, []))
        for name, sentence in sentences.items()
    ]
    extras = [_extra(declared, typed, errors) for declared in asked_in(petition.fields)]
    return {
        "terms": terms,
        "typed": typed,
        "errors": errors,
        "summary": _summary(errors, _shown(terms, [extra.name for extra in extras], sentences)),
        "extras": extras,
        "consents": boxes,
        "asks_proof": refusal is not None and refusal.asks_proof,
        "countries": countries(),
        "country": typed.get("country") or petition.country,
    }


@cache
def countries() -> list[tuple[str, str]]:
    """Every country of ISO 3166 with its French name, in French alphabetical order."""
    return sorted(country_names().items(), key=lambda country: _without_accents(country[1]))


def _without_accents(name: str) -> str:
    letters = normalize("NFD", name)
    return "".join(c for c in letters if category(c) != "Mn").lower()


def _extra(declared: Declared, typed: Mapping[str, str], errors: Mapping[str, list[str]]) -> Extra:
    name = f"extra_{declared.key}"
    return Extra(
        name=name,
        label=declared.label,
        optional=not declared.required,
        options=declared.options,
        value=typed.get(name, ""),
        errors=errors.get(name, []),
    )


def _shown(terms: Terms, extras: list[str], sentences: Mapping[str, str]) -> list[str]:
    """The fields of the page, in its order."""
    place = ["postal_code", "country"] if terms.asks_postcode else []
    phone = ["phone"] if terms.offers_phone else []
    return ["first_name", "last_name", "email", *place, *phone, *extras, "comment", *sentences]


def _summary(errors: dict[str, list[str]], shown: list[str]) -> list[SummaryLine]:
    order = {name: place for place, name in enumerate(shown)}
    return [
        SummaryLine(message=message, field=name if name in shown else "")
        for name in sorted(errors, key=lambda name: order.get(name, len(order)))
        for message in errors[name]
    ]
