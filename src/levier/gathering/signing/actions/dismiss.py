from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import AlertKind
from levier.gathering.signing.models.alert import Alert


@transaction.atomic
def dismiss(*, alert: Alert, why: str, by: User, now: datetime) -> Alert:
    """Somebody looked, and says what they saw. Twice is the same as once."""
    alert = (
        Alert.objects.select_for_update(of=("self",))
        .select_related("petition__campaign")
        .get(pk=alert.pk)
    )
    if alert.dismissed_at is not None:
        return alert
    alert.dismissed_at, alert.dismissed_by = now, by
    alert.dismissed_n, alert.dismissed_why = alert.n, why
    alert.save(update_fields=["dismissed_at", "dismissed_by", "dismissed_n", "dismissed_why"])
    append_audit(
        scope=alert.petition.campaign.organisation_id,
        body={"act": "dismiss_alert", "alert": alert.pk, "kind": alert.kind, "n": alert.n},
        by=by.pk,
        now=now,
    )
    return alert


@transaction.atomic
def settle_tally_alert(*, petition: Petition, by: User, now: datetime) -> None:
    """The petition was counted again: nothing is left to alarm about (P41)."""
    for alert in Alert.objects.filter(petition=petition, kind=AlertKind.TALLY, dismissed_at=None):
        dismiss(alert=alert, why=_("Décompte refait."), by=by, now=now)
