"""What happened to a petition that its signatories were not told yet (U10, U11)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.petitions.models.victory import Victory
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update

LAST = 5  # updates looked at


@dataclass(frozen=True, kw_only=True)
class Told:
    """One update that left."""

    kind: str
    ask: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The last updates, the latest first, and what is new since."""

    told: Sequence[Told] = field(default_factory=tuple)
    kinds_used: frozenset[str] = frozenset()
    last_at: datetime | None = None
    last_unsubscribed: int = 0
    articles: int = 0
    milestone: int | None = None
    won: bool = False
    rewritten: bool = False
    closes_at: datetime | None = None

    @property
    def is_quiet(self) -> bool:
        """Nothing new to tell since the last update."""
        return not (self.articles or self.milestone or self.won or self.rewritten)


def facts_for(petition: Petition) -> Facts:
    """Everything the advice needs. Seven statements, whatever the number of updates."""
    left = Ask.objects.filter(update__petition=petition, update__published_at__isnull=False)
    latest = list(left.select_related("update__message").order_by("-update__published_at")[:LAST])
    last = latest[0].update if latest else None
    used = Update.objects.filter(petition=petition, published_at__isnull=False)
    since = last.published_at if last else None
    return Facts(
        told=[Told(kind=ask.update.kind, ask=ask.kind) for ask in latest],
        kinds_used=frozenset(used.values_list("kind", flat=True).distinct()),
        last_at=since,
        last_unsubscribed=last.message.unsubscribed if last and last.message else 0,
        closes_at=petition.closes_at,
        **_news(petition, since),
    )


def _news(petition: Petition, since: datetime | None) -> dict[str, Any]:
    shown = Update.objects.filter(petition=petition, press_link__isnull=False).values("press_link")
    articles = PressLink.objects.filter(petition=petition).exclude(pk__in=shown)
    steps = Milestone.objects.filter(petition=petition)
    texts = Version.objects.filter(petition=petition, n__gt=1, published_at__isnull=False)
    victories = Victory.objects.filter(petition=petition)
    if since is not None:
        articles, steps = articles.filter(added_at__gt=since), steps.filter(reached_at__gt=since)
        texts = texts.filter(published_at__gt=since)
        victories = victories.filter(declared_at__gt=since)
    highest = steps.order_by("-threshold").first()
    return {
        "articles": articles.count(),
        "milestone": highest.threshold if highest else None,
        "won": petition.state == PetitionState.WON and victories.exists(),
        "rewritten": texts.exists(),
    }
