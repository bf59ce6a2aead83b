"""The news anybody may read, each by its one ask: `ask.update` is the news itself."""

from django.db.models import Q, QuerySet

from levier.gathering.petitions.enums import PUBLIC as PETITION_PUBLIC
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.enums import PUBLIC, UpdateState
from levier.gathering.updates.models.ask import Ask

READ_WITH = ("update__press_link", "contact")
# Cancelled once mails of it had left: whoever got one may still read it (U20).
READABLE = Q(update__state__in=PUBLIC) | Q(
    update__state=UpdateState.CANCELLED, update__first_sent_at__isnull=False
)


def published_of(petition: Petition) -> QuerySet[Ask]:
    """The news of a petition, the latest first."""
    return (
        Ask.objects.filter(
            READABLE,
            update__petition=petition,
            update__n__isnull=False,
            update__published_at__isnull=False,
        )
        .select_related(*READ_WITH)
        .order_by("-update__n")
    )


def published_at(petition: Petition, n: int) -> Ask | None:
    """The news of that number, or None for a draft, a planned one or none."""
    return published_of(petition).filter(update__n=n).first()


def published_by_id(update: int) -> Ask | None:
    """The news of that id, if anybody may read it and its petition."""
    asks = Ask.objects.filter(
        READABLE, pk=update, update__n__isnull=False, update__petition__state__in=PETITION_PUBLIC
    )
    return asks.select_related("update__petition__campaign__organisation").first()
