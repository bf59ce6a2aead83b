"""Addresses that refuse to be written to."""

from datetime import datetime

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.enums import STILL_ANSWERED, Channel, SuppressionReason
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.models.suppression import Suppression
from levier.foundation.people.rules import suppression_hmac


def suppress(
    *,
    organisation: Organisation,
    channel: str,
    canonical: str,
    reason: str,
    scope: str = "",
    now: datetime,
) -> None:
    """Never write there again: at all, or about what `scope` names. The same twice as once; of
    two reasons the one that silences us altogether stays."""
    refused = Suppression(
        organisation=organisation,
        channel=channel,
        canonical_hmac=suppression_hmac(organisation.pk, channel, canonical),
        reason=reason,
        scope=scope,
        at=now,
    )
    Suppression.objects.bulk_create([refused], ignore_conflicts=True)
    if reason not in STILL_ANSWERED:
        Suppression.objects.filter(
            organisation=organisation,
            channel=channel,
            canonical_hmac=refused.canonical_hmac,
            scope=scope,
            reason__in=STILL_ANSWERED,
        ).update(reason=reason, at=now)


def carry_refusals(*, old: ContactPoint, canonical: str) -> None:
    """Whoever refused mail at one address refuses it at the one that takes its place; that a
    mailbox is dead says nothing of another one."""
    refused = Suppression.objects.filter(
        organisation=old.organisation_id,
        channel=old.channel,
        canonical_hmac=suppression_hmac(old.organisation_id, old.channel, old.canonical),
    ).exclude(reason=SuppressionReason.HARD_BOUNCE)
    hashed = suppression_hmac(old.organisation_id, old.channel, canonical)
    carried = list(refused)
    for row in carried:
        row.pk, row.canonical_hmac = None, hashed
    Suppression.objects.bulk_create(carried, ignore_conflicts=True)


def lift_unsubscription(*, organisation: Organisation, channel: str, canonical: str) -> None:
    """A new agreement, given from the mailbox itself, ends an earlier « plus rien » (J3)."""
    Suppression.objects.filter(
        organisation=organisation,
        channel=channel,
        canonical_hmac=suppression_hmac(organisation.pk, channel, canonical),
        reason__in=[SuppressionReason.UNSUBSCRIBED, SuppressionReason.ERASED],
        scope="",
    ).delete()


def lift_disowning(*, organisation: Organisation, canonical: str, scope: str) -> None:
    """The mailbox itself says « c’est moi » where it had said « ce n’était pas moi »."""
    Suppression.objects.filter(
        organisation=organisation,
        channel=Channel.EMAIL,
        canonical_hmac=suppression_hmac(organisation.pk, Channel.EMAIL, canonical),
        reason=SuppressionReason.NOT_ME,
        scope=scope,
    ).delete()
