from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.enums import Right
from levier.foundation.campaigns.rules import users_with
from levier.gathering.signing.mails import alerts_digest
from levier.gathering.signing.models.alert import Alert
from levier.gathering.signing.queries.alerts import by_petition, untold


@transaction.atomic
def tell_alerts(*, now: datetime) -> int:
    """One mail to each person who may look at it, for all that nobody told yet. Returns how many
    mails. Called once a day: what is told is not told again, so that twice is the same as once."""
    alerts = list(untold(now=now).select_for_update(of=("self",), skip_locked=True))
    readers: dict[User, list[list[Alert]]] = {}
    for found in by_petition(alerts).values():
        for user in users_with(Right.MODERATE, found[0].petition.campaign):
            readers.setdefault(user, []).append(found)
    for user, told in readers.items():
        alerts_digest(to=user, told=told)
    _mark(alerts, now)
    return len(readers)


def _mark(alerts: Iterable[Alert], now: datetime) -> None:
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(told_at=now)
