"""Taking signatories' names out of here leaves a trace (P65)."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import User
from levier.foundation.common.typography import day
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.exports import note_export
from levier.foundation.people.enums import ActivityKind, Exported
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureSource, SignatureState
from levier.gathering.signing.queries.listing import signatures_of
from levier.gathering.signing.queries.selection import Filters


@transaction.atomic
def record_export(*, petition: Petition, filters: Filters, by: User, now: datetime) -> int:
    """Write down who takes how many names, before the first one leaves. Returns how many."""
    rows = signatures_of(petition, filters).order_by().count()
    organisation = petition.campaign.organisation_id
    subject = f"petition:{petition.pk}"
    record_activity(
        organisation_id=organisation,
        person_id=None,
        kind=ActivityKind.EXPORTED,
        subject=subject,
        at=now,
        data={"by": by.pk, "rows": rows},
    )
    chosen = sorted(name for name, value in asdict(filters).items() if value not in ("", None))
    body = {"act": "export", "petition": str(petition.uuid), "rows": rows, "filters": chosen}
    append_audit(scope=organisation, body=body, by=by.pk, now=now)
    note_export(
        organisation_id=organisation,
        what=Exported.SIGNATURES,
        subject=subject,
        filters=_in_words(filters),
        rows=rows,
        by=by,
        now=now,
    )
    return rows


def _in_words(filters: Filters) -> str:
    """What was chosen, without the words somebody looked for: they may be a name."""
    said: dict[str, Callable[[Any], str]] = {
        "search": lambda _value: _("une recherche"),
        "state": lambda value: str(SignatureState(value).label),
        "confirmed": lambda value: _("adresse confirmée") if value else _("adresse non confirmée"),
        "since": lambda value: _("depuis le %(day)s") % {"day": day(value)},
        "until": lambda value: _("jusqu’au %(day)s") % {"day": day(value)},
        "source": lambda value: str(SignatureSource(value).label),
    }
    chosen = asdict(filters)
    return ", ".join(
        said[name](value) if name in said else name
        for name, value in chosen.items()
        if value not in ("", None)
    )
