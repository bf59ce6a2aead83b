"""A row of past signatures, ready to be laid down: with its date, its salt and its commitment."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from levier.foundation.common import contact_fields
from levier.foundation.common.tables.cells import truth
from levier.foundation.common.typography import shown_name
from levier.foundation.ledger.rules import EPOCH, SALT_BYTES, commitment
from levier.foundation.people.actions.import_cleaning import Cleaned, Cleaner, Refused, cleaner_for
from levier.foundation.people.actions.import_columns import CONSENT_TARGETS, PERSON_TARGETS
from levier.foundation.people.actions.import_staging import (
    SPEECHLESS,
    Lay,
    array,
    binary,
    boolean,
    moment,
    one_line,
)
from levier.foundation.people.rules import suppression_hasher
from levier.gathering.petitions.models.comment import COMMENT_LENGTHS
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.rules.codes import new_code
from levier.gathering.signing.rules.facts import signature_facts

MICROSECOND = timedelta(microseconds=1)
#: What a column of a file of signatures may be.
TARGETS: dict[str, str | Promise] = {
    **PERSON_TARGETS,
    "signed_at": _("date de la signature"),
    "confirmed": _("adresse confirmée (oui, ou la date)"),
    "show_name": _("accepte que son nom paraisse"),
    "comment": _("commentaire (à relire avant qu’il paraisse)"),
    "for_dossier": _("accepte que son commentaire serve au dossier"),
    "for_press": _("accepte que son commentaire serve à la presse"),
    **CONSENT_TARGETS,
}


def signature_row(*, batch: ImportBatch, needs_proof: bool, cleaner: Cleaner) -> Lay:
    """What lays a row of this import. `needs_proof`: only confirmed addresses count here."""
    petition: Petition = batch.petition
    hashed, uuid = suppression_hasher(batch.organisation_id), petition.uuid

    def lay(record: Sequence[str]) -> tuple[int, Sequence[str]]:
        somebody = cleaner.clean(record)
        at = cleaner.moment(record, "signed_at")
        if at is None:
            at = batch.created_at
            cleaner.warnings["no_date"] += "signed_at" in cleaner.places
        confirmed_at = _confirmed(cleaner, record, at)
        if needs_proof and confirmed_at is None:
            raise Refused("unconfirmed")
        show_name = bool(truth(cleaner.cell(record, "show_name")))
        salt = os.urandom(SALT_BYTES)
        facts = signature_facts(
            email=somebody.canonical,
            first_name=somebody.first_name,
            last_name=somebody.last_name,
            postcode=somebody.postcode,
            country=somebody.country,
            petition=uuid,
        )
        return (at - EPOCH) // MICROSECOND, (
            somebody.channel,
            somebody.canonical,
            somebody.typed,
            binary(hashed(somebody.channel, somebody.canonical)),
            somebody.first_name,
            somebody.last_name,
            somebody.postcode,
            somebody.country,
            somebody.phone,
            somebody.phone_canonical,
            array(somebody.agreed),
            moment(somebody.at),
            moment(confirmed_at),
            boolean(show_name),
            binary(salt),
            binary(commitment(salt, facts)),
            new_code(),
            "",
            "",
            "{}",
            *_spoken(cleaner, record, somebody, show_name=show_name),
        )

    return lay


def _spoken(
    cleaner: Cleaner, record: Sequence[str], somebody: Cleaned, *, show_name: bool
) -> Sequence[str]:
    """Why they signed, the name it goes by, and what else their author lets it serve for: only
    what a column says (P53). Nothing of it keeps a signature out."""
    words = one_line(" ".join(cleaner.cell(record, "comment").split()))
    if not words:
        return SPEECHLESS
    shortest, longest = COMMENT_LENGTHS
    if not shortest <= len(words) <= longest or contact_fields.UNFIT.search(words):
        cleaner.warnings["comment_lost"] += 1
        return SPEECHLESS
    name = shown_name(somebody.first_name, somebody.last_name) if show_name else ""
    allowed = (truth(cleaner.cell(record, target)) for target in ("for_press", "for_dossier"))
    return (words, name, *(boolean(bool(said)) for said in allowed))


def signature_cleaner(*, batch: ImportBatch) -> Cleaner:
    """The cleaner of an import's rows, whose « now » is the day of the file: the same rows make
    the same signatures whenever they are read."""
    return cleaner_for(
        reading=batch.reading,
        mapping=batch.mapping,
        time_zone=batch.organisation.time_zone,
        needs_email=True,
        needs_name=True,
        now=batch.created_at.astimezone(UTC),
    )


def _confirmed(cleaner: Cleaner, record: Sequence[str], at: datetime) -> datetime | None:
    """When the address was confirmed elsewhere: the date told, or that of a plain « oui »."""
    cell = cleaner.cell(record, "confirmed")
    said = truth(cell)
    if said is None:
        moment = cleaner.dates.read(cell)
        return min(moment, cleaner.now) if moment else None
    return at if said else None
