"""What is written to who answers an ask: transactional, in the caller's transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from levier.foundation.messaging.actions.get_message import get_message
from levier.foundation.messaging.actions.queue import Recipient, queue
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.rules.addresses import my_link as my_page
from levier.foundation.people.models.person import ContactPoint
from levier.gathering.petitions.queries import current_slug
from levier.gathering.signing.enums import STANDING
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.for_mails import own_contexts, shared_by
from levier.gathering.signing.rules.links import my_token
from levier.gathering.updates.enums import Answer
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.queries.responses import place_in_line
from levier.gathering.updates.rules.answering import (
    answer_link as link_to_answer,
)
from levier.gathering.updates.rules.answering import (
    answer_token,
    event_file_link,
    knows_the_place,
)
from levier.gathering.updates.rules.events import when_of

GOOD_FOR = timedelta(days=2)
LINK_GOOD_FOR = timedelta(hours=12)
MOST_ANSWERS = 6  # whoever says yes, then no, then yes again fills no mailbox
PAGE = 500

# What a mail may print; each says what it has.
NOTHING: Mapping[str, Any] = {
    "seat": "",
    "position": 0,
    "place": "",
    "calendar_url": None,
    "confirm_url": None,
    "cancelled": False,
}


def place_given(*, response: Response, signature: Signature, now: datetime) -> None:
    """« Vous venez », with the event for one's calendar; or a rank on the waiting list."""
    seat = "waiting" if response.waiting_since else "given"
    _answered({signature: response}, {"seat": seat}, now=now)


def place_freed(*, ask: Ask, responses: Sequence[Response], now: datetime) -> None:
    """« Une place s’est libérée », to who waited (U46)."""
    for response in responses:
        response.ask = ask
    _answered(signed(ask, responses), {"seat": "freed"}, now=now)


def testimony_received(*, response: Response, signature: Signature, now: datetime) -> None:
    """Thanks for a testimony, and how to take it back (U51)."""
    _answered({signature: response}, {}, now=now)


def event_changed(*, ask: Ask, now: datetime) -> None:
    """To who said yes or perhaps: other hours, another place, or nothing any more (U47)."""
    concerned = Response.objects.filter(ask=ask, kind__in=[Answer.YES, Answer.MAYBE])
    context = {"cancelled": ask.event_cancelled_at is not None}
    for rows in _pages(concerned):
        told = signed(ask, rows)
        _write("event_changed", told, context, now=now, nth=lambda _row: ask.sequence)


def event_reminder(*, told: Mapping[Signature, Response], now: datetime) -> None:
    """The day before, once for each date the event has had."""
    _write("event_reminder", told, {}, now=now, nth=lambda row: row.ask.sequence)


def answer_link(*, ask: Ask, signature: Signature, mailbox: ContactPoint, now: datetime) -> None:
    """The personal link of an update, to the mailbox that asked for it and no other."""
    response = Response(ask=ask, person=signature.person)
    source = source_of("answer_link", ask)
    told = Delivery.objects.filter(source=source, person=signature.person).count()
    _write(
        "answer_link",
        {signature: response},
        {},
        now=now,
        nth=lambda _row: told,
        good_for=LINK_GOOD_FOR,
        mailbox=mailbox,
    )


def _answered(
    told: Mapping[Signature, Response], context: Mapping[str, Any], *, now: datetime
) -> None:
    """At most six in all for one ask and person."""
    if not told:
        return
    ask = next(iter(told.values())).ask
    before = dict(
        Delivery.objects.filter(
            source=source_of("response_received", ask),
            person__in=[row.person_id for row in told.values()],
        )
        .values("person")
        .annotate(n=Count("pk"))
        .values_list("person", "n")
    )
    few = {
        signature: row
        for signature, row in told.items()
        if before.get(row.person_id, 0) < MOST_ANSWERS
    }
    nth = {row.pk: before.get(row.person_id, 0) for row in few.values()}
    _write("response_received", few, context, now=now, nth=lambda row: nth[row.pk])


def _write(
    what: str,
    told: Mapping[Signature, Response],
    context: Mapping[str, Any],
    *,
    now: datetime,
    nth: Callable[[Response], int],
    good_for: timedelta = GOOD_FOR,
    mailbox: ContactPoint | None = None,
) -> None:
    rows = {
        signature: row
        for signature, row in told.items()
        if signature.contact_point_id and row.person_id
    }
    if not rows:
        return
    ask = next(iter(rows.values())).ask
    petition = ask.update.petition_id
    shared, own = shared_by([petition])[petition], own_contexts(rows)
    message = get_message(
        organisation=shared.organisation,
        template=f"updates/{what}",
        source=shared.source,
        context={**shared.context, **_news(ask), **NOTHING, **context},
        now=now,
        expires_after=good_for,
    )
    slug = current_slug(petition) or ""
    recipients = [
        Recipient(
            person=row.person_id,
            contact_point=mailbox.pk if mailbox else signature.contact_point_id or 0,
            source=source_of(what, ask),
            ordinal=nth(row),
            context={
                **own[signature.pk],
                **_own(ask, row, slug, mailbox.pk if mailbox else signature.contact_point_id, now),
            },
        )
        for signature, row in rows.items()
    ]
    queue(message=message, recipients=recipients, now=now)


def _own(ask: Ask, row: Response, slug: str, mailbox: int | None, now: datetime) -> dict[str, Any]:
    """Where this reader's buttons lead, and what only they may know (U48)."""
    token = answer_token(update=ask.pk, contact_point=mailbox or 0, now=now)
    is_told = knows_the_place(ask, row)
    own = {
        "answer_url": link_to_answer(slug, ask.update.n, token),
        "my_url": my_page(my_token(mailbox or 0, now=now)),
        "position": place_in_line(row) if row.pk else 0,
        "place": ask.place if is_told else "",
    }
    if ask.starts_at is not None:
        own["calendar_url"] = event_file_link(slug, ask.update.n, token)
    return own


def _news(ask: Ask) -> dict[str, Any]:
    """The news and its event, as all its readers read them."""
    return {
        "news": ask.update.title,
        "ask_kind": ask.kind,
        "label": ask.label,
        "when": when_of(ask),
        "sequence": ask.sequence,
    }


def signed(ask: Ask, responses: Iterable[Response]) -> dict[Signature, Response]:
    """The standing signature of each; who has none any more is not written to."""
    by_person = {row.person_id: row for row in responses}
    for row in by_person.values():
        row.ask = ask
    signatures = Signature.objects.filter(
        petition=ask.update.petition_id, person__in=by_person, state__in=STANDING
    ).order_by("pk")
    latest = {signature.person_id: signature for signature in signatures}
    return {
        signature: by_person[person] for person, signature in latest.items() if person in by_person
    }


def _pages(rows: Any) -> Iterable[list[Response]]:
    ordered, after = rows.order_by("pk"), 0
    while page := list(ordered.filter(pk__gt=after)[:PAGE]):
        yield page
        after = page[-1].pk


def source_of(what: str, ask: Ask) -> str:
    return f"ask:{ask.pk}:{what}"
