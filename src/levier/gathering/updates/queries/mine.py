"""What one person received and answered, for themselves (U59)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.models.person import Person
from levier.foundation.people.queries.timeline import cards_of
from levier.gathering.petitions.enums import PUBLIC
from levier.gathering.petitions.models.petition import Slug
from levier.gathering.updates.enums import Answer
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.queries.published import READABLE

ARRIVED = (DeliveryState.HANDED, DeliveryState.DELIVERED)
SHOWN = 30


@dataclass(frozen=True, kw_only=True)
class MyNews:
    """News that somebody received or answered."""

    ask: Ask
    slug: str  # of the petition's page; "" when the public may not read it
    received: bool
    response: Response | None

    @property
    def answered(self) -> bool:
        """Whether there is something of theirs here."""
        return self.response is not None

    @property
    def said(self) -> bool:
        """Whether it is made of words."""
        return self.response is not None and self.response.kind == Answer.TEXT


def news_of(person: Person, *, most: int = SHOWN) -> list[MyNews]:
    """The latest first. Three statements."""
    cards = cards_of(person)
    public = Slug.objects.filter(
        petition=OuterRef("update__petition"), current=True, petition__state__in=PUBLIC
    )
    sent = Delivery.objects.filter(
        message=OuterRef("update__message"), person__in=cards, state__in=ARRIVED
    )
    said = Response.objects.filter(ask=OuterRef("pk"), person__in=cards)
    rows = (
        Ask.objects.filter(READABLE, update__n__isnull=False)
        .annotate(slug=Subquery(public.values("slug")[:1]), received=Exists(sent))
        .filter(Exists(sent) | Exists(said))
        .select_related("update")
        .order_by("-update__published_at", "-pk")[:most]
    )
    asks = list(rows)
    answers = Response.objects.filter(ask__in=asks, person__in=cards).order_by("changed_at")
    mine = {one.ask_id: one for one in answers}
    return [
        MyNews(ask=ask, slug=ask.slug or "", received=ask.received, response=mine.get(ask.pk))
        for ask in asks
    ]


def answers_file(person: Person) -> list[dict[str, Any]]:
    """Every answer of somebody, with keys they can read, for the file they take away."""
    mine = Response.objects.filter(person__in=cards_of(person)).select_related("ask__update")
    return [
        {
            "nouvelle": row.ask.update.title,
            "demande": row.ask.get_kind_display(),
            "réponse": row.get_kind_display(),
            "appel": row.get_call_result_display(),
            "mots": row.words,
            "contact proposé": row.contact,
            "photo": row.photo,
            "paraît sur la page": row.for_page,
            "donné à la presse": row.for_press,
            "joint au dossier": row.for_dossier,
            "nom montré": row.show_name,
            "état": row.get_state_display() if row.kind == Answer.TEXT else "",
            "en attente d’une place depuis": row.waiting_since,
            "présence": row.present,
            "le": row.at,
            "changée le": row.changed_at,
        }
        for row in mine.order_by("at", "pk")
    ]
