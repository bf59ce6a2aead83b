from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.models.retention import Retention


@transaction.atomic
def set_retention(*, organisation: Organisation, months: int, by: User, now: datetime) -> Retention:
    """How long people who agreed to nothing and sign nothing are kept. Nothing is forgotten
    before the next night."""
    body = {"act": "people.set_retention", "months": months}
    append_audit(scope=organisation.pk, body=body, by=by.pk, now=now)
    rule, _ = Retention.objects.update_or_create(
        organisation=organisation, defaults={"months": months, "changed_at": now}
    )
    return rule
