"""What waits for somebody to look at it, gathered by what it has in common (P68)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone
from django.utils.translation import gettext as _

from levier.foundation.common.typography import day_month, hour
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.selection import domain_of

MOST_GROUPS = 100
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_SHARED: Mapping[str, Any] = {
    "reason": F("reason"),
    "network": F("network_key"),
    "domain": domain_of(F("contact_point__canonical")),
    "hour": TruncHour("signed_at"),
}


@dataclass(frozen=True, kw_only=True)
class Group:
    """Held signatures that share something. `value` is what a filter takes, « » for none."""

    label: str
    value: str
    n: int
    first_at: datetime
    last_at: datetime

    @property
    def spreads(self) -> bool:
        """Whether it took more than a minute."""
        return self.last_at - self.first_at >= timedelta(minutes=1)


def held_of(petition: Petition) -> QuerySet[Signature]:
    """What waits, in no order."""
    return Signature.objects.filter(petition=petition, state=SignatureState.HELD)


def groups_of(petition: Petition, by: str) -> list[Group]:
    """The largest first; `by` is one of reason, network, domain, hour. One statement."""
    rows = (
        held_of(petition)
        .annotate(shared=_SHARED[by])
        .values("shared")
        .annotate(n=Count("pk"), first=Min("signed_at"), last=Max("signed_at"))
        .order_by("-n", "shared")[:MOST_GROUPS]
    )
    return [
        Group(
            label=said(by, row["shared"]),
            value=_value(row["shared"]),
            n=row["n"],
            first_at=row["first"],
            last_at=row["last"],
        )
        for row in rows
    ]


def said(by: str, value: Any) -> str:
    """What a group has in common, in words."""
    if not value:
        return _("sans indication")
    if by == "network":
        return network_label(bytes(value))
    if by == "hour":
        at = timezone.localtime(value)
        return _("le %(day)s, à partir de %(hour)s") % {"day": day_month(at), "hour": hour(at)}
    return str(HoldReason(value).label) if by == "reason" else str(value)


def network_label(key: bytes) -> str:
    """A name for an opaque key, « connexion 7K3D-9P »: it tells two apart, and nothing else.

    Keys change every day (P66), and so does the name of a connection.
    """
    drawn = "".join(LETTERS[byte % len(LETTERS)] for byte in hashlib.sha256(key).digest()[:6])
    return _("connexion %(name)s") % {"name": f"{drawn[:4]}-{drawn[4:]}"}


def _value(shared: Any) -> str:
    if isinstance(shared, datetime):
        return timezone.localtime(shared).strftime("%Y-%m-%dT%H")
    if isinstance(shared, bytes | memoryview):
        return bytes(shared).hex()
    return str(shared or "")
