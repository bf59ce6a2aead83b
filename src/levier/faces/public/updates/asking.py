"""What the page of the news asks, and how: the same for all, or for the one who is known."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from levier.faces.public.sharing import (
    mastodon_places,
    personal_address,
    petition_address,
    places,
)
from levier.faces.public.updates.found import News, cause_of
from levier.faces.public.updates.reach import (
    dial,
    letter_to,
    mastodon_servers,
    post_places,
    public_contact,
)
from levier.faces.public.updates.results import event_is_over, results_of
from levier.foundation.common.typography import french_spaces
from levier.foundation.directory.models import ContactDetail
from levier.gathering.signing.queries.brought_by import NOTHING, brought_by
from levier.gathering.signing.queries.mine import share_code
from levier.gathering.updates.enums import TO_DECISION_MAKER, Answer, AskKind
from levier.gathering.updates.forms.answering import OFFERED, TICKS, AnswerForm
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.queries.responses import born_of, place_in_line, seats_of
from levier.gathering.updates.rules.answering import Reader, closing_of, knows_the_place
from levier.gathering.updates.rules.own_words import (
    Cause,
    as_sent,
    letter_for,
    post_for,
    script_for,
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who is asked what: the reader, their answer and what they just typed, when known."""

    news: News
    reader: Reader | None
    response: Response | None
    form: AnswerForm | None
    contact: ContactDetail | None

    @property
    def ask(self) -> Ask:
        return self.news.ask

    @property
    def cause(self) -> Cause:
        return cause_of(self.news, name=self.name)

    @property
    def name(self) -> str:
        signature = self.reader.signature if self.reader else None
        return f"{signature.first_name} {signature.last_name}".strip() if signature else ""

    @property
    def turn(self) -> int:
        """Openings come in rotation: by person, and on the public page by news."""
        return self.reader.person.pk if self.reader else self.news.n

    @property
    def is_ready(self) -> bool:
        """Whether a message was prepared and waits to leave."""
        began = self.response is not None and self.response.kind == Answer.STARTED
        return began and self.form is None

    def typed(self, otherwise: str = "") -> str:
        """What the text area shows: what was just typed, else what was said, else a start."""
        if self.form is not None:
            return str(self.form.data.get("words", ""))
        return (self.response.words if self.response else "") or otherwise


FORMS = {
    AskKind.ADVISE: "words",
    AskKind.TESTIFY: "words",
    AskKind.ENCOURAGE: "words",
    AskKind.CELEBRATE: "words",
    AskKind.TWEET: "post",
    AskKind.FACEBOOK: "post",
}


def ask_context(
    news: News,
    *,
    now: datetime,
    reader: Reader | None = None,
    token: str = "",
    response: Response | None = None,
    form: AnswerForm | None = None,
) -> dict[str, Any]:
    """Everything the ask's part of the page says."""
    ask = news.ask
    closing = closing_of(ask, news.page.petition, now=now)
    contact = public_contact(ask)
    is_reachable = ask.kind not in TO_DECISION_MAKER or contact is not None
    context = {
        "token": token,
        "reader": reader,
        "response": response,
        "form": form,
        "closed": closing.is_closed,
        "closed_since": closing.since,
        "results": _results(ask, is_closed=closing.is_closed, now=now),
        "contact": contact,
        "is_reachable": is_reachable,
        "ask_template": f"public/updates/asks/{FORMS.get(AskKind(ask.kind), ask.kind)}.html",
        "place": ask.place if knows_the_place(ask, response) else "",
        "ticks": _ticks(ask, response, form),
    }
    if closing.is_closed or not is_reachable:
        return context
    asked = Asked(news=news, reader=reader, response=response, form=form, contact=contact)
    return {**context, **OWN[ask.kind](asked)}


def _results(ask: Ask, *, is_closed: bool, now: datetime) -> list[str]:
    ended = ask.ends_at or ask.starts_at
    if ask.kind == AskKind.ATTEND and is_closed and ended is not None and ended <= now:
        return event_is_over(seats_of(ask))
    return results_of(ask)


def _ticks(ask: Ask, response: Response | None, form: AnswerForm | None) -> list[dict[str, Any]]:
    """The boxes this ask offers, as they were left: none is ever ticked by us."""
    ticked = {
        name: bool(form.data.get(name) if form else response and getattr(response, name))
        for name in OFFERED.get(ask.kind, ())
    }
    return [{"name": name, "ticked": ticked[name]} for name in TICKS if name in ticked]


def _email(asked: Asked) -> dict[str, Any]:
    letter = letter_for(asked.ask, asked.cause, turn=asked.turn)
    typed = asked.typed(letter.body)
    leaves = as_sent(typed) if asked.is_ready else typed
    address = asked.contact.value if asked.contact else ""
    return {
        "letter": typed,
        "subject": letter.subject,
        "mailto": letter_to(address, letter.subject, leaves),
        "ready": asked.is_ready,
        "sent_words": leaves,
    }


def _call(asked: Asked) -> dict[str, Any]:
    return {
        "dial": dial(asked.contact.value) if asked.contact else "",
        "script": script_for(asked.ask, asked.cause),
    }


def _post(asked: Asked) -> dict[str, Any]:
    long, cause = asked.ask.kind == AskKind.FACEBOOK, asked.cause
    if long:
        typed = asked.typed(letter_for(asked.ask, cause, turn=asked.turn).body)
    else:
        typed = asked.typed(post_for(asked.ask, cause))
    link, words = petition_address(asked.news.slug), as_sent(typed) if long else typed
    contact = None if long else asked.contact
    return {
        "letter": typed,
        "sent_words": f"{words}\n{link}",
        "networks": post_places(words, link, contact) if contact else [],
        "mastodon": mastodon_servers(words, link, contact) if contact else [],
        "ready": asked.is_ready,
    }


def _share(asked: Asked) -> dict[str, Any]:
    return share_of(asked.news, asked.reader)


def share_of(news: News, reader: Reader | None) -> dict[str, Any]:
    """One's personal link, with what it brought; for who is not known, the page's own address."""
    signature = reader.signature if reader else None
    code = share_code(signature) if signature else ""
    address = personal_address(code) if code else petition_address(news.slug)
    title = french_spaces(news.page.version.title)
    own = news.ask.suggested_text.strip() if news.ask.kind == AskKind.SHARE else ""
    text = own or f"{french_spaces(news.ask.update.title)}. {title}"
    brought = NOTHING
    if signature is not None and reader is not None:
        brought = brought_by([reader.person.pk]).get(signature.pk, NOTHING)
    return {
        "share_address": address,
        "is_personal": bool(code),
        "places": places(text, address),
        "mastodon": mastodon_places(text, address),
        "to_paste": f"{text} {address}",
        "title": title,
        "brought": brought,
    }


def _attend(asked: Asked) -> dict[str, Any]:
    seats, ask, response = seats_of(asked.ask), asked.ask, asked.response
    left = None if ask.capacity is None else max(ask.capacity - seats.seated, 0)
    return {
        "seats": seats,
        "left": left,
        "position": place_in_line(response) if response else 0,
    }


def _words(asked: Asked) -> dict[str, Any]:
    form, response = asked.form, asked.response
    typed = form.data.get("contact", "") if form else (response.contact if response else "")
    kept = form.kept_picture() if form else (response.photo if response else "")
    return {"letter": asked.typed(), "typed_contact": typed, "kept_picture": kept}


def _launch(asked: Asked) -> dict[str, Any]:
    news = asked.news
    return {"launch_address": launch_address(news), "born": born_of(news.page.petition)}


def launch_address(news: News) -> str:
    """`/lancer/`, with the theme and the petition it comes from (U53)."""
    theme = news.page.petition.theme
    asked = {"theme": theme.slug if theme else "", "origine": news.slug}
    kept = {name: value for name, value in asked.items() if value}
    return f"{reverse('launch')}?{urlencode(kept)}"


OWN: dict[str, Callable[[Asked], dict[str, Any]]] = {
    AskKind.EMAIL: _email,
    AskKind.CALL: _call,
    AskKind.TWEET: _post,
    AskKind.FACEBOOK: _post,
    AskKind.SHARE: _share,
    AskKind.ATTEND: _attend,
    AskKind.LAUNCH: _launch,
    **dict.fromkeys(
        (AskKind.ADVISE, AskKind.TESTIFY, AskKind.ENCOURAGE, AskKind.CELEBRATE), _words
    ),
}
