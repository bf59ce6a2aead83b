"""Looking at the sender's domain, and sending all the same."""

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.messaging.models.preflight import Preflight
from levier.foundation.messaging.rules.preflight.checks import Gravity
from levier.foundation.messaging.rules.preflight.dns import Dns, findings_of
from levier.foundation.messaging.rules.preflight.gate import (
    is_running,
    preflight_of,
    sender_domain,
    sender_of,
)


@transaction.atomic
def ask_for_preflight(*, organisation: Organisation, by: User | None, now: datetime) -> None:
    """Have the worker ask the DNS. Asked while it does, once is enough."""
    row, made = Preflight.objects.select_for_update().get_or_create(
        organisation=organisation, defaults={"asked_at": now}
    )
    if not made:
        if is_running(row, now=now):
            return
        row.asked_at = now
        row.save(update_fields=["asked_at"])
    app.configure_task("messaging.preflight").defer(organisation=organisation.pk)
    if by is not None:
        body = {"act": "messaging.ask_for_preflight", "domain": sender_domain(organisation)}
        append_audit(scope=organisation.pk, body=body, by=by.pk, now=now)


def run_preflight(*, organisation: Organisation, dns: Dns, now: datetime) -> Preflight:
    """Ask the DNS, then keep what it said: the questions are asked outside any transaction.

    What someone accepted stays accepted as long as nothing else comes up about the same domain.
    """
    sender = sender_of(organisation)
    found = findings_of(sender, dns)
    with transaction.atomic():
        Preflight.objects.get_or_create(organisation=organisation, defaults={"asked_at": now})
        row = Preflight.objects.select_for_update().get(organisation=organisation)
        if row.domain != sender.domain:
            row.waived, row.waived_by, row.waived_at = [], None, None
        row.domain, row.findings, row.checked_at = sender.domain, found, now
        row.save()
    return row


@transaction.atomic
def waive_preflight(*, organisation: Organisation, by: User, now: datetime) -> bool:
    """« Envoyer quand même »: what is doubtful now stops nothing more; what forbids still does.

    Returns whether there was anything to accept.
    """
    row = Preflight.objects.select_for_update().filter(organisation=organisation).first()
    doubts = [
        one.reason
        for one in preflight_of(organisation, now=now)
        if one.gravity is Gravity.DOUBTFUL and not one.waived
    ]
    if row is None or not doubts:
        return False
    row.waived = sorted({*row.waived, *doubts})
    row.waived_by, row.waived_at = by, now
    row.save(update_fields=["waived", "waived_by", "waived_at"])
    body = {"act": "messaging.waive_preflight", "domain": row.domain, "reasons": doubts}
    append_audit(scope=organisation.pk, body=body, by=by.pk, now=now)
    return True
