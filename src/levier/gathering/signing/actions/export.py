"""Taking signatories' names out of here leaves a trace (P65)."""

from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.queries.selection import Filters, selected


@transaction.atomic
def record_export(*, petition: Petition, filters: Filters, by: User, now: datetime) -> int:
    """Write down who takes how many names, before the first one leaves. Returns how many."""
    rows = selected(petition, filters).count()
    organisation = petition.campaign.organisation_id
    record_activity(
        organisation_id=organisation,
        person_id=None,
        kind=ActivityKind.EXPORTED,
        subject=f"petition:{petition.pk}",
        at=now,
        data={"by": by.pk, "rows": rows},
    )
    chosen = sorted(filters.kept())
    body = {"act": "export", "petition": str(petition.uuid), "rows": rows, "filters": chosen}
    append_audit(scope=organisation, body=body, by=by.pk, now=now)
    return rows
