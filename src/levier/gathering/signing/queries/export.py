"""Signatures as rows of a file, read as they are written."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from levier.gathering.signing.models.signature import Signature

ROWS_AT_A_TIME = 1_000
HEADER = (
    _("numéro"),
    _("prénom"),
    _("nom"),
    _("courriel"),
    _("code postal"),
    _("pays"),
    _("signée le"),
    _("confirmée le"),
    _("état"),
    _("par"),
    _("accepte que son nom paraisse"),
)


def exported_rows(signatures: QuerySet[Signature]) -> Iterator[list[object]]:
    """One row per signature, in the order given, through a server-side cursor.

    The whole file comes from one read-only snapshot; memory does not grow with it.
    """
    with transaction.atomic():
        for signature in signatures.iterator(chunk_size=ROWS_AT_A_TIME):
            yield _row(signature)


def _row(signature: Signature) -> list[object]:
    point = signature.contact_point
    return [
        signature.number,
        signature.first_name,
        signature.last_name,
        point.typed if point else "",
        signature.postcode,
        signature.country,
        _moment(signature.signed_at),
        _moment(signature.confirmed_at),
        signature.get_state_display(),
        signature.get_source_display(),
        _("oui") if signature.show_name else _("non"),
    ]


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""
