"""What was answered: to sort, to use, to show; and what each person answered."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from levier.foundation.common.typography import shown_name
from levier.foundation.people.models.person import Person
from levier.foundation.people.queries.timeline import cards_of
from levier.gathering.petitions.enums import PUBLISHED
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import STANDING
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.tally import tallies_of
from levier.gathering.updates.enums import Answer, AskKind, ResponseState, Use
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.response_use import ResponseUse

TICKS = {Use.PAGE: "for_page", Use.PRESS: "for_press", Use.DOSSIER: "for_dossier"}


@dataclass(frozen=True, kw_only=True)
class Seats:
    """Who said what to an invitation."""

    seated: int
    waiting: int
    maybe: int
    no: int
    present: int


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """What became of the words received."""

    received: int
    waiting: int  # to be read
    kept: int
    useful: int
    handled: int
    for_press: int  # kept, and their author agrees
    for_dossier: int


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words that anybody may read, with the name their author lets us show, or none."""

    text: str
    name: str
    photo: str


@dataclass(frozen=True, kw_only=True)
class Born:
    """The petitions that another one's news gave birth to (U53)."""

    drafts: int
    published: int
    signatures: int


def response_of(ask: Ask, person: Person) -> Response | None:
    """What somebody answered, by whichever of their cards."""
    mine = Response.objects.filter(ask=ask, person__in=cards_of(person))
    return mine.order_by("-changed_at", "-pk").first()


def responses_to_sort(ask: Ask) -> QuerySet[Response]:
    """The words nobody of the team has read yet, the latest first."""
    return _texts(ask).filter(state=ResponseState.WAITING)


def responses_received(ask: Ask) -> QuerySet[Response]:
    """All words received, those to read first, then the latest first."""
    return _texts(ask).order_by(F("state").desc(), "-at", "-pk")


def usable_testimonies(petition: Petition, use: Use) -> QuerySet[Response]:
    """Testimonies kept by the team, whose authors agree to that very use and still stand behind
    the petition (U50, U52)."""
    told = Response.objects.filter(ask__kind=AskKind.TESTIFY, ask__update__petition=petition)
    return _usable(told, use).select_related("person", "ask__update").order_by("-at", "-pk")


def published_words(ask: Ask, *, most: int) -> list[Words]:
    """What the page of the news shows: kept by the team, ticked for the page by its author. Two
    statements."""
    told = Response.objects.filter(ask=ask).exclude(ask__kind=AskKind.ADVISE)
    rows = list(_usable(told, Use.PAGE).order_by("-at", "-pk")[:most])
    named = [row.person_id for row in rows if row.show_name]
    signatures = Signature.objects.filter(
        petition=ask.update.petition_id, person__in=named, state__in=STANDING
    ).order_by("pk")
    names = {one.person_id: shown_name(one.first_name, one.last_name) for one in signatures}
    return [
        Words(
            text=row.words,
            name=names.get(row.person_id, "") if row.show_name else "",
            photo=row.photo,
        )
        for row in rows
    ]


def uses_taken_back(petition: Petition) -> QuerySet[ResponseUse]:
    """What was printed or sent before its author took it back: for the team (U51)."""
    uses = ResponseUse.objects.filter(
        ask__update__petition=petition, taken_back_at__isnull=False
    ).exclude(use=Use.PAGE)
    return uses.select_related("person", "ask__update").order_by("-taken_back_at", "-pk")


def seats_of(ask: Ask) -> Seats:
    """One statement."""
    yes = Q(kind=Answer.YES)
    counted = Response.objects.filter(ask=ask).aggregate(
        seated=Count("pk", filter=yes & Q(waiting_since=None)),
        waiting=Count("pk", filter=yes & Q(waiting_since__isnull=False)),
        maybe=Count("pk", filter=Q(kind=Answer.MAYBE)),
        no=Count("pk", filter=Q(kind=Answer.NO)),
        present=Count("pk", filter=Q(present=True)),
    )
    return Seats(**counted)


def place_in_line(response: Response) -> int:
    """First, second… on the waiting list; 0 for who is not on it."""
    if response.waiting_since is None:
        return 0
    same_ask = Response.objects.filter(ask=response.ask_id)
    before = Q(waiting_since__lt=response.waiting_since) | Q(
        waiting_since=response.waiting_since, pk__lte=response.pk
    )
    return same_ask.filter(before).count()


def sorted_of(ask: Ask) -> Sorted:
    """What became of the words received. One statement."""
    kept = Q(state=ResponseState.KEPT)
    counted = _texts(ask).aggregate(
        received=Count("pk"),
        waiting=Count("pk", filter=Q(state=ResponseState.WAITING)),
        kept=Count("pk", filter=kept),
        useful=Count("pk", filter=Q(useful=True)),
        handled=Count("pk", filter=Q(handled_at__isnull=False)),
        for_press=Count("pk", filter=kept & Q(for_press=True)),
        for_dossier=Count("pk", filter=kept & Q(for_dossier=True)),
    )
    return Sorted(**counted)


def born_of(petition: Petition) -> Born:
    """What was launched from the news of a petition."""
    born = Petition.objects.filter(origin=petition).values_list("pk", "state")
    published = [pk for pk, state in born if state in PUBLISHED]
    tallies = tallies_of(published).values()
    return Born(
        drafts=len(born) - len(published),
        published=len(published),
        signatures=sum(tally.counted + tally.paper for tally in tallies),
    )


def _texts(ask: Ask) -> QuerySet[Response]:
    told = Response.objects.filter(ask=ask, kind=Answer.TEXT).select_related("person")
    return told.order_by("-at", "-pk")


def _usable(told: QuerySet[Response], use: Use) -> QuerySet[Response]:
    standing = Signature.objects.filter(
        person=OuterRef("person"), petition=OuterRef("ask__update__petition"), state__in=STANDING
    )
    return told.filter(
        Exists(standing), kind=Answer.TEXT, state=ResponseState.KEPT, **{TICKS[use]: True}
    ).exclude(words="")
