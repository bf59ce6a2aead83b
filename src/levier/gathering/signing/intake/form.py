"""The sign form: what was posted, in HTML or JSON alike, becomes a SignatureInput or errors."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from levier.foundation.common import contact_fields
from levier.foundation.people.rules import canonical_email
from levier.gathering.petitions.rules.comment_words import says_one_of
from levier.gathering.petitions.rules.consents import AGREEMENTS
from levier.gathering.signing.enums import SignatureSource
from levier.gathering.signing.intake import fields
from levier.gathering.signing.intake.place import Place
from levier.gathering.signing.intake.rows import PartnerBox, SignatureInput
from levier.gathering.signing.models.signature import CODE_LENGTH, EXTRA_BYTES

HONEYPOT = "website"
TICKED = frozenset({"on", "true", "1", True})
CODE = re.compile(rf"[0-9A-Za-z]{{{CODE_LENGTH}}}")
EXTRA = re.compile(r"extra_\w{1,60}")
NAMED = ("first_name", "last_name", "email", "postal_code", "country", "phone", "comment", "ref")
CARRIED = ("par", "site", "embedded_on", "accent", "fond")  # where the form stands

Errors = dict[str, list[str]]


class InvalidForm(Exception):
    """What to mend, field by field, in French."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def parse_signature(
    raw: Mapping[str, Any],
    place: Place,
    *,
    network: bytes | None = None,
    source: SignatureSource = SignatureSource.WEB,
) -> SignatureInput:
    """Check every field of a posted form (P8, P9). Raises InvalidForm with all that is wrong.

    Values are texts, or what JSON allows; anything but a text where one is expected is wrong in
    that field. Unknown fields are ignored. Never raises anything else.
    """
    reader = _Reader(raw)
    agreements = tuple(
        agreed for field, agreed in place.agreements.items() if is_ticked(raw.get(field))
    )
    first_name = reader.take("first_name", contact_fields.name, _first_name)
    last_name = reader.take("last_name", contact_fields.name, _last_name)
    email = reader.take("email", contact_fields.email, _email)
    country, postcode = _whereabouts(reader, place)
    phone = reader.take("phone", contact_fields.phone, _phone)
    comment = reader.take("comment", fields.comment, _comment)
    extra = _extra(reader, place)
    if comment and place.around.comments:
        reader.errors["comment"] = [place.around.comments]
    if reader.errors:
        raise InvalidForm(reader.errors)
    ref = raw.get("ref")
    return SignatureInput(
        petition=place.petition,
        petition_uuid=place.uuid,
        organisation=place.organisation,
        email=email,
        canonical=canonical_email(email),
        first_name=first_name,
        last_name=last_name,
        postcode=postcode,
        country=country,
        show_name=is_ticked(raw.get("show_name")),
        phone=phone if is_ticked(raw.get("consent_phone")) else "",
        comment=comment,
        publish_comment=place.publishes_comments and not says_one_of(comment, place.held_words),
        agreements=agreements,
        ref=ref if isinstance(ref, str) and CODE.fullmatch(ref) else "",
        trapped=bool(raw.get(HONEYPOT)),
        network=network,
        source=source,
        partner=_partner(raw, place) if place.around.partners else None,
        extra=extra,
    )


def is_ticked(value: Any) -> bool:
    """Whether a box was ticked; anything unusual is not an agreement."""
    return value.lower() in TICKED if isinstance(value, str) else value is True or value == 1


def typed_of(raw: Mapping[str, Any], place: Place | None) -> dict[str, str]:
    """All that was typed, to be given back: texts as they are, ticked boxes as "on".

    Without a place (the database is away), every box and question a petition may have is looked at.

    Nobody types a list: what JSON nests is not given back, however deep it goes.
    """
    boxes = (*(place.agreements if place else AGREEMENTS), "show_name", "consent_partner")
    extra = [f"extra_{f.key}" for f in place.fields] if place else filter(EXTRA.fullmatch, raw)
    names = (*NAMED, *CARRIED, *extra)
    given = {name: raw[name] for name in names if isinstance(raw.get(name), str | int | float)}
    texts = {name: str(value) for name, value in given.items()}
    return {**texts, **{name: "on" for name in boxes if is_ticked(raw.get(name))}}


class _Reader:
    """Reads fields one by one and keeps what is wrong."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.errors: Errors = {}

    def take(self, field: str, clean: Callable[[str], str], sentence: Callable[[], str]) -> str:
        """The clean value; empty when wrong, with the sentence kept beside the field."""
        value = self.raw.get(field)
        try:
            return clean("" if value is None else _text(value))
        except ValueError:
            self.errors[field] = [sentence()]
            return ""


def _partner(raw: Mapping[str, Any], place: Place) -> PartnerBox | None:
    """The partner whose box was ticked, with the words beside it."""
    partner = place.around.partner(raw.get("par"))
    if partner is None or not is_ticked(raw.get("consent_partner")):
        return None
    return PartnerBox(partner.id, partner.sentence)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _whereabouts(reader: _Reader, place: Place) -> tuple[str, str]:
    country = reader.take("country", lambda v: contact_fields.country(v, place.country), _country)
    if not country:
        return "", ""

    def clean(value: str) -> str:
        return contact_fields.postcode(value, country, required=place.asks_postcode)

    return country, reader.take("postal_code", clean, _postcode)


def _extra(reader: _Reader, place: Place) -> dict[str, str]:
    values = {}
    for declared in place.fields:
        field = f"extra_{declared.key}"

        clean = partial(
            fields.free,
            longest=EXTRA_BYTES,
            required=declared.required,
            options=declared.options,
        )
        if value := reader.take(field, clean, partial(_extra_field, declared.label)):
            values[declared.key] = value
    if sum(len(key.encode()) + len(value.encode()) for key, value in values.items()) > EXTRA_BYTES:
        longest = max(values, key=lambda key: len(values[key]))
        reader.errors[f"extra_{longest}"] = [_("Réponse trop longue : raccourcissez-la.")]
    return values


def _first_name() -> str:
    return _("Indiquez votre prénom (100 caractères au plus)")


def _last_name() -> str:
    return _("Indiquez votre nom (100 caractères au plus)")


def _email() -> str:
    return _("Cette adresse ne semble pas complète. Exemple : prenom@exemple.fr")


def _country() -> str:
    return _("Choisissez un pays dans la liste")


def _postcode() -> str:
    return _("Indiquez le code postal de votre commune. Exemple : 35000")


def _phone() -> str:
    return _("Ce numéro ne semble pas complet. Exemple : 06 12 34 56 78")


def _comment() -> str:
    return _(
        "Entre 10 et 500 caractères\u202f; votre signature, elle, peut partir sans commentaire"
    )


def _extra_field(label: str) -> str:
    return _("Complétez « %(label)s »") % {"label": label}
