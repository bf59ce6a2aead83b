"""A row of a file becomes somebody, or a reason why not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from levier.foundation.common import contact_fields
from levier.foundation.common.countries import country_names
from levier.foundation.common.folding import folded
from levier.foundation.common.tables.cells import Dates, phone_cell, plain, postcode_cell, truth
from levier.foundation.people.enums import Channel
from levier.foundation.people.rules import canonical_email, canonical_phone

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
TOMORROW = timedelta(days=1)  # a zone that was lost on the way is no date in the future
CONSENTS = ("consent_updates", "consent_org_news", "consent_phone", "consent_post")

#: Why a row is refused: kept as a word, shown as a sentence.
REASONS: dict[str, str | Promise] = {
    "cells": _(
        "Cette ligne a plus de cellules que la ligne des titres : un séparateur s’est glissé dans "
        "un texte."
    ),
    "no_email": _("L’adresse électronique manque."),
    "email": _("Cette adresse électronique n’est pas complète."),
    "no_contact": _("Il manque une adresse électronique ou un téléphone."),
    "no_name": _("Le nom manque."),
    "name": _(
        "Le nom contient autre chose qu’un nom (signes, adresse, formule), ou est trop long."
    ),
    "date": _("La date ne se lit pas."),
    "future": _("La date est dans l’avenir."),
    "old": _("La date est d’avant 1995."),
    "unconfirmed": _(
        "Cette pétition ne compte que les adresses confirmées, et rien dans le fichier ne dit que "
        "celle-ci l’est."
    ),
    "withdrawn": _("Cette personne a retiré sa signature ici, ou a dit ne pas avoir signé."),
    "suppressed": _("Cette adresse a demandé à être oubliée, ou n’existe plus."),
    "opposed": _("Cette adresse a demandé à ne plus rien recevoir de nous."),
}

#: What was mended or left out in rows that are taken.
WARNINGS: dict[str, str | Promise] = {
    "postcode_zero": _("Codes postaux à qui un tableur avait pris leur zéro (1000 devient 01000)"),
    "postcode_lost": _("Codes postaux illisibles, non repris"),
    "country_lost": _("Pays inconnus, remplacés par le pays choisi"),
    "phone_mended": _("Téléphones à qui un tableur avait pris un chiffre ou un signe, rétablis"),
    "phone_lost": _("Téléphones illisibles, non repris"),
    "comment_lost": _(
        "Commentaires de moins de 10 ou de plus de 500 caractères, non repris (la signature l’est)"
    ),
    "no_date": _("Lignes sans date, rangées à la date de l’import"),
    "consent_unclear": _("Réponses qui ne disent ni oui ni non, sans accord retenu"),
    "consent_refused": _("Accords non repris, l’adresse ayant refusé nos messages"),
}


class Refused(Exception):
    """The row is nobody. The argument is a key of REASONS."""


@dataclass(slots=True)
class Cleaned:
    """Somebody, as a row tells."""

    channel: str
    canonical: str
    typed: str
    first_name: str
    last_name: str
    postcode: str
    country: str
    phone: str
    phone_canonical: str
    agreed: list[str]
    at: datetime | None


@dataclass(kw_only=True)
class Cleaner:
    """Reads the rows of one file with one mapping. `warnings` counts what it mended."""

    places: Mapping[str, int]  # target → column
    width: int
    country: str
    dates: Dates
    needs_email: bool
    needs_name: bool
    now: datetime
    warnings: Counter[str] = field(default_factory=Counter)

    def clean(self, record: Sequence[str]) -> Cleaned:
        """Somebody. Raises Refused."""
        if len(record) > self.width and any(cell.strip() for cell in record[self.width :]):
            raise Refused("cells")
        channel, canonical, typed = "", "", ""
        if cell := self.cell(record, "email"):
            typed = _email(cell)
            channel, canonical = Channel.EMAIL, canonical_email(typed)
        elif self.needs_email:
            raise Refused("no_email")
        first_name, last_name = self._names(record)
        country = self._country(record)
        phone = self._phone(record, country)
        phone_canonical = canonical_phone(phone) if phone else ""
        if not channel:
            if not phone:
                raise Refused("no_contact")
            channel, canonical, typed = Channel.PHONE, phone_canonical, phone
        return Cleaned(
            channel=channel,
            canonical=canonical,
            typed=typed,
            first_name=first_name,
            last_name=last_name,
            postcode=self._postcode(record, country),
            country=country,
            phone=phone,
            phone_canonical=phone_canonical,
            agreed=self._agreed(record),
            at=self.moment(record, "consent_at"),
        )

    def cell(self, record: Sequence[str], target: str) -> str:
        """What a row says for a target; nothing when no column is for it."""
        place = self.places.get(target)
        return plain(record[place]) if place is not None else ""

    def moment(self, record: Sequence[str], target: str) -> datetime | None:
        """A date of the past; None when the cell is empty. Raises Refused."""
        cell = self.cell(record, target)
        if not cell:
            return None
        moment = self.dates.read(cell)
        if moment is None:
            raise Refused("date")
        if moment > self.now + TOMORROW:
            raise Refused("future")
        if moment < EARLIEST:
            raise Refused("old")
        return min(moment, self.now)

    def _names(self, record: Sequence[str]) -> tuple[str, str]:
        first, last = self.cell(record, "first_name"), self.cell(record, "last_name")
        if not first and not last and "full_name" in self.places:
            first, last = split_name(self.cell(record, "full_name"))
        if self.needs_name and not first and not last:
            raise Refused("no_name")
        try:
            return (
                contact_fields.name(first) if first else "",
                contact_fields.name(last) if last else "",
            )
        except ValueError as error:
            raise Refused("name") from error

    def _country(self, record: Sequence[str]) -> str:
        cell = self.cell(record, "country")
        if not cell:
            return self.country
        if len(cell) == 2 and (code := cell.upper()) in country_names():
            return code
        if found := countries_by_name().get(folded(cell)):
            return found
        self.warnings["country_lost"] += 1
        return self.country

    def _postcode(self, record: Sequence[str], country: str) -> str:
        cell, mended = postcode_cell(self.cell(record, "postcode"), country)
        try:
            found = contact_fields.postcode(cell, country, required=False)
        except ValueError:
            self.warnings["postcode_lost"] += 1
            return ""
        self.warnings["postcode_zero"] += mended
        return found

    def _phone(self, record: Sequence[str], country: str) -> str:
        typed = self.cell(record, "phone")
        if not typed:
            return ""
        cell, mended = phone_cell(typed, country)
        try:
            found = contact_fields.phone(cell)
        except ValueError:
            found = ""
        self.warnings["phone_mended" if found and mended else "phone_lost"] += mended or not found
        return found

    def _agreed(self, record: Sequence[str]) -> list[str]:
        agreed = []
        for target in CONSENTS:
            if target in self.places and (cell := self.cell(record, target)):
                said = truth(cell)
                if said:
                    agreed.append(target)
                self.warnings["consent_unclear"] += said is None
        return agreed


def cleaner_for(
    *,
    reading: Mapping[str, Any],
    mapping: Mapping[str, Any],
    time_zone: str,
    needs_email: bool,
    needs_name: bool,
    now: datetime,
) -> Cleaner:
    """The cleaner of a file, from what was read of it and what was chosen."""
    columns: list[str] = mapping["columns"]
    return Cleaner(
        places={target: n for n, target in enumerate(columns) if target},
        width=len(reading["columns"]),
        country=mapping.get("country", "FR"),
        dates=Dates(day_first=bool(mapping.get("day_first", True)), zone=ZoneInfo(time_zone)),
        needs_email=needs_email,
        needs_name=needs_name,
        now=now,
    )


def split_name(whole: str) -> tuple[str, str]:
    """First and last name of somebody named in one cell. A word in capitals is the last name
    (« DUPONT Marie »); else the first word is the first name."""
    if "," in whole:
        last, _comma, first = whole.partition(",")
        return first.strip(), last.strip()
    words = whole.split()
    loud = [word for word in words if word.isupper() and len(word) > 1]
    if loud and len(loud) < len(words):
        return " ".join(w for w in words if w not in loud), " ".join(loud)
    return (words[0], " ".join(words[1:])) if words else ("", "")


def _email(cell: str) -> str:
    cell = cell.removeprefix("mailto:").strip(" <>;,")
    try:
        return contact_fields.email(cell)
    except ValueError as error:
        raise Refused("email") from error


def countries_by_name() -> Mapping[str, str]:
    """Countries by their name in French and in English, folded."""
    if not _BY_NAME:
        for language in ("en", "fr"):
            names = country_names(language)
            _BY_NAME.update({folded(name): code for code, name in names.items()})
        _BY_NAME.update({"usa": "US", "uk": "GB", "etats unis": "US", "fra": "FR", "bel": "BE"})
    return _BY_NAME


_BY_NAME: dict[str, str] = {}
