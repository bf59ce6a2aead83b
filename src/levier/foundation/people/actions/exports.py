"""Names that leave, written down before the first one does (P65)."""

from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind, Exported
from levier.foundation.people.models.export import Export
from levier.foundation.people.models.person import Person


@transaction.atomic
def record_export(
    *,
    organisation: Organisation,
    what: Exported,
    subject: str = "",
    filters: str = "",
    columns: str = "",
    rows: int,
    person: Person | None = None,
    by: User,
    now: datetime,
) -> Export:
    """Who takes what and how many, in the log of exports, among activities and in the ledger.
    `filters` are said without the words somebody looked for: they may be a name."""
    record_activity(
        organisation_id=organisation.pk,
        person_id=person.pk if person else None,
        kind=ActivityKind.EXPORTED,
        subject=subject or f"organisation:{organisation.pk}",
        at=now,
        data={"by": by.pk, "rows": rows},
    )
    body = {"act": "people.export", "what": str(what), "subject": subject, "rows": rows}
    append_audit(scope=organisation.pk, body=body, by=by.pk, now=now)
    return note_export(
        organisation_id=organisation.pk,
        what=what,
        subject=subject,
        filters=filters,
        columns=columns,
        rows=rows,
        by=by,
        now=now,
    )


@transaction.atomic
def note_export(
    *,
    organisation_id: int,
    what: Exported,
    subject: str,
    filters: str = "",
    columns: str = "",
    rows: int,
    by: User,
    now: datetime,
) -> Export:
    """A line in the log of exports, for whoever writes the rest down."""
    return Export.objects.create(
        organisation_id=organisation_id,
        what=what,
        subject=subject,
        filters=filters,
        columns=columns,
        rows=rows,
        by=by,
        at=now,
    )
