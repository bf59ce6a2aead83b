"""What the team reads of a petition's signatures: lists, days, the latest."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from levier.gathering.signing.models.paper import PaperLine
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which signatures; empty means all. Days are in the current time zone, both included."""

    search: str = ""
    state: str = ""
    confirmed: bool | None = None
    since: date | None = None
    until: date | None = None
    source: str = ""


def has_signatures(petition: int) -> bool:
    """Whether anybody ever signed, online or on paper, whatever became of it."""
    online = Signature.objects.filter(petition=petition)
    return online.exists() or PaperLine.objects.filter(petition=petition).exists()


def signatures_of(petition: Petition, filters: Filters) -> QuerySet[Signature]:
    """The latest first, each with its address."""
    found = Signature.objects.filter(petition=petition).select_related("contact_point")
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.confirmed is not None:
        found = found.filter(confirmed_at__isnull=not filters.confirmed)
    if filters.source:
        found = found.filter(source=filters.source)
    if filters.since:
        found = found.filter(signed_at__gte=_midnight(filters.since))
    if filters.until:
        found = found.filter(signed_at__lt=_midnight(filters.until + timedelta(days=1)))
    for word in filters.search.split()[:5]:
        found = found.filter(_matching(word))
    return found.order_by("-signed_at", "-pk")


def _matching(word: str) -> Q:
    return (
        Q(first_name__icontains=word)
        | Q(last_name__icontains=word)
        | Q(postcode__istartswith=word)
        | Q(contact_point__typed__icontains=word)
    )


def after(signatures: QuerySet[Signature], cursor: str) -> QuerySet[Signature]:
    """What follows the signature a cursor stands for; from the start for a cursor of nothing."""
    mark = _opened(cursor)
    if mark is None:
        return signatures
    at, pk = mark
    return signatures.filter(Q(signed_at__lt=at) | Q(signed_at=at, pk__lt=pk))


def cursor_of(signature: Signature) -> str:
    """Where a page ends, to ask for the next one."""
    mark = f"{signature.signed_at.isoformat()} {signature.pk}"
    return urlsafe_b64encode(mark.encode()).decode().rstrip("=")


def _opened(cursor: str) -> tuple[datetime, int] | None:
    try:
        at, pk = urlsafe_b64decode(cursor[:120] + "=" * (-len(cursor) % 4)).decode().split(" ")
        moment, number = datetime.fromisoformat(at), int(pk)
        if moment.tzinfo is None:
            return None
        moment = moment.astimezone(UTC)  # PostgreSQL knows fewer time zones than a cursor can name
    except (ValueError, OverflowError):
        return None
    return (moment, number) if abs(number) < 2**63 else None


def daily_counts(petition: Petition) -> list[tuple[date, int]]:
    """How many counted signatures each day brought, from the first day to the last with any."""
    days = (
        Signature.objects.filter(petition=petition, state=SignatureState.COUNTED)
        .annotate(day=TruncDate("signed_at"))
        .values("day")
        .annotate(n=Count("pk"))
        .order_by("day")
    )
    return [(row["day"], row["n"]) for row in days]


def latest_signatures(petition: Petition, *, limit: int) -> QuerySet[Signature]:
    """The last counted ones."""
    counted = Signature.objects.filter(petition=petition, state=SignatureState.COUNTED)
    return counted.order_by("-signed_at", "-pk")[:limit]


def held_of(petition: Petition) -> QuerySet[Signature]:
    """What waits for somebody to look at it, the oldest first."""
    return (
        Signature.objects.filter(petition=petition, state=SignatureState.HELD)
        .select_related("contact_point")
        .order_by("signed_at", "pk")
    )


def pending_count(petition: Petition) -> int:
    """Signatures that wait for their confirmation to be counted (P15)."""
    return Signature.objects.filter(petition=petition, state=SignatureState.PENDING).count()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001
