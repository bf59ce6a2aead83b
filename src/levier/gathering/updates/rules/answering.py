"""Who answers an ask, with what, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import User
from levier.foundation.common.tokens import BadToken, ExpiredToken, seal, unseal
from levier.foundation.messaging.rules.addresses import absolute
from levier.foundation.people.enums import NOT_THEIRS
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.gates import Place, petition_for_moderating
from levier.gathering.petitions.rules.phases import finished_on, is_finished
from levier.gathering.signing.enums import STANDING
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.enums import Answer, AskKind, UpdateKind, UpdateState
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.mailed_links import is_mailed, mailbox_in

ANSWER = "answer"
ANSWER_AGE = timedelta(days=365)  # an event may be planned long before
ASKED_LINK = "asked-answer-link"
ASKED_AGE = timedelta(days=1)

# What may be answered to each ask.
ANSWERS: Mapping[str, frozenset[str]] = {
    AskKind.SHARE: frozenset({Answer.DONE}),
    AskKind.ADVISE: frozenset({Answer.TEXT}),
    AskKind.ATTEND: frozenset({Answer.YES, Answer.MAYBE, Answer.NO}),
    AskKind.TESTIFY: frozenset({Answer.TEXT}),
    AskKind.ENCOURAGE: frozenset({Answer.TEXT}),
    AskKind.EMAIL: frozenset({Answer.STARTED, Answer.DONE}),
    AskKind.CALL: frozenset({Answer.STARTED, Answer.DONE}),
    AskKind.TWEET: frozenset({Answer.STARTED, Answer.DONE}),
    AskKind.FACEBOOK: frozenset({Answer.STARTED, Answer.DONE}),
    AskKind.LAUNCH: frozenset({Answer.STARTED}),
    AskKind.CELEBRATE: frozenset({Answer.TEXT}),
}
# (started, done): two figures, never added (U44). Who does not come did not begin anything.
WEIGHTS: Mapping[str, tuple[int, int]] = {
    Answer.STARTED: (1, 0),
    Answer.DONE: (1, 1),
    Answer.YES: (1, 1),
    Answer.MAYBE: (1, 0),
    Answer.NO: (0, 0),
    Answer.TEXT: (1, 1),
}


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whoever a personal link was sent to."""

    mailbox: ContactPoint
    signature: Signature | None  # the one that stands, or None once it was taken back

    @property
    def person(self) -> Person:
        return self.mailbox.person


class Closing(NamedTuple):
    """Whether an ask takes answers, and since when it does not, when that is known."""

    is_closed: bool
    since: datetime | None


def answer_token(*, update: int, contact_point: int, now: datetime) -> str:
    """What the personal link of an update carries: one mailbox, one update (U38)."""
    return seal(ANSWER, [update, contact_point], now=now)


def reader_of(token: str, update: Update, *, now: datetime) -> Reader:
    """Who holds this link. Raises ExpiredToken, or BadToken, also for another update's link and
    once the person was erased or the address replaced."""
    asked, mailbox = _addressed(token, update, now=now)
    points = ContactPoint.objects.select_related("person", "organisation")
    point = (
        points.filter(pk=mailbox, person__erased_at=None)
        .exclude(state__in=NOT_THEIRS)
        .exclude(typed="")
        .first()
    )
    if point is None or asked != update.pk:
        raise BadToken
    return Reader(mailbox=point, signature=standing_signature(update.petition_id, point.person))


def _addressed(token: str, update: Update, *, now: datetime) -> tuple[int, int]:
    """The update and the mailbox of a link: of the million mails of an update, whose token is a
    keyed hash of the statement that wrote them, or of a mail of its own, whose token is sealed."""
    if not is_mailed(token):
        (asked, mailbox), _ = unseal(ANSWER, token, now=now, max_age=ANSWER_AGE)
        return int(asked), int(mailbox)
    mailbox = mailbox_in(token, update=update.pk)
    if update.published_at is None or now - update.published_at > ANSWER_AGE:
        raise ExpiredToken
    return update.pk, mailbox


def standing_signature(petition: int, person: Person) -> Signature | None:
    """The signature by which somebody is asked anything about a petition."""
    mine = Signature.objects.filter(petition=petition, person=person, state__in=STANDING)
    return mine.select_related("person").order_by("-pk").first()


def seal_asked_link(update: int, email: str, *, now: datetime) -> str:
    """An address to which a personal link is asked, on its way to the worker."""
    return seal(ASKED_LINK, [update, email], now=now)


def asked_link_in(token: str, *, now: datetime) -> tuple[int, str]:
    """The update and the address in it. Raises ExpiredToken, BadToken."""
    (update, email), _ = unseal(ASKED_LINK, token, now=now, max_age=ASKED_AGE)
    return int(update), str(email)


def news_link(slug: str, n: int | None) -> str:
    """The page of an update, the same for everybody."""
    return absolute(f"/petitions/{slug}/mises-a-jour/{n}/")


def answer_link(slug: str, n: int | None, token: str) -> str:
    """The same page, where the reader of a mail is known."""
    return f"{news_link(slug, n)}pour/{token}/"


def event_file_link(slug: str, n: int | None, token: str) -> str:
    """The event for one's own calendar, with its place."""
    return f"{answer_link(slug, n, token)}agenda.ics"


def closing_of(ask: Ask, petition: Petition, *, now: datetime) -> Closing:
    """Closed by its hour, by the team, with its event or with its petition; but victory is told
    when the petition is over (U56)."""
    over = is_finished(petition, now=now) and ask.update.kind != UpdateKind.VICTORY
    stopped = ask.update.state == UpdateState.CANCELLED
    moments = [ask.closes_at, ask.event_cancelled_at, event_end(ask)]
    past = [at for at in moments if at is not None and at <= now]
    ended = finished_on(petition) if over else None
    if ended is not None and ended <= now:
        past.append(ended)
    return Closing(over or stopped or bool(past), min(past, default=None))


def event_end(ask: Ask) -> datetime | None:
    """When nobody can come any more."""
    return (ask.ends_at or ask.starts_at) if ask.kind == AskKind.ATTEND else None


def knows_the_place(ask: Ask, response: Response | None) -> bool:
    """Whether this reader may be told where: anybody, or who has a place (U48)."""
    return ask.place_is_public or (
        response is not None and response.kind == Answer.YES and response.waiting_since is None
    )


def can_sort_responses(place: Place) -> bool:
    """Names and words of signatories: whoever moderates the petition."""
    return place.can_moderate


def ask_for_sorting(user: User, slug: str, update: int) -> tuple[Place, Ask]:
    """An ask of that petition, for whoever may read its answers."""
    place = petition_for_moderating(user, slug)
    found = Ask.objects.select_related("update", "contact")
    ask = found.filter(pk=update, update__petition=place.petition).first()
    if ask is None:
        raise Hidden
    return place, ask


def response_for_sorting(user: User, slug: str, update: int, pk: int) -> tuple[Place, Response]:
    """One answer to that ask, for the same."""
    place, ask = ask_for_sorting(user, slug, update)
    response = Response.objects.select_related("person").filter(ask=ask, pk=pk).first()
    if response is None:
        raise Hidden
    response.ask = ask
    return place, response
