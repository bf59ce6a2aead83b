"""What the team reads of a petition's signatures: lists, days, the latest."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.paper import PaperLine
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.selection import Filters, selected


def has_signatures(petition: int) -> bool:
    """Whether anybody ever signed, online or on paper, whatever became of it."""
    online = Signature.objects.filter(petition=petition)
    return online.exists() or PaperLine.objects.filter(petition=petition).exists()


def signatures_of(petition: Petition, filters: Filters) -> QuerySet[Signature]:
    """The latest first, each with its address."""
    found = selected(petition, filters).select_related("contact_point")
    return found.order_by("-signed_at", "-pk")


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


def latest_signatures(petition: Petition, *, limit: int) -> QuerySet[Signature]:
    """The last counted ones."""
    counted = Signature.objects.filter(petition=petition, state=SignatureState.COUNTED)
    return counted.order_by("-signed_at", "-pk")[:limit]


def pending_count(petition: Petition) -> int:
    """Signatures that wait for their confirmation to be counted (P15)."""
    return Signature.objects.filter(petition=petition, state=SignatureState.PENDING).count()
