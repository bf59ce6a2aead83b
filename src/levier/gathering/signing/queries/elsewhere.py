"""What other sites and partners brought to a petition."""

from dataclasses import dataclass

from django.db.models import Count, Q

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature

MOST = 100


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A site, or « par:<slug> » for a partner, and its signatures that count."""

    code: str
    counted: int
    confirmed: int


def brought_from_elsewhere(petition: Petition) -> list[Brought]:
    """The most first, a hundred at most. Only signatures with a source code are read."""
    counted = Q(state=SignatureState.COUNTED)
    rows = (
        Signature.objects.filter(petition=petition)
        .exclude(source_code="")
        .values("source_code")
        .annotate(
            counted=Count("pk", filter=counted),
            confirmed=Count("pk", filter=counted & Q(confirmed_at__isnull=False)),
        )
        .order_by("-counted", "source_code")[:MOST]
    )
    return [
        Brought(code=row["source_code"], counted=row["counted"], confirmed=row["confirmed"])
        for row in rows
    ]
