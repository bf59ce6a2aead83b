"""Agreements, one switch for each channel and purpose, and for the news of each petition, with the
words it rests on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from levier.faces.public.me.notices import back
from levier.faces.public.private import private_page
from levier.foundation.messaging.actions.set_preferences import set_preferences
from levier.foundation.people.actions.stopping import Key
from levier.foundation.people.models.person import ContactPoint
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.actions.stop_everything import stop_everything
from levier.gathering.signing.rules.choices import NEWS, choices_of
from levier.gathering.signing.rules.links import mailbox_from_token
from levier.gathering.signing.rules.sentences import standing_sentences

SOURCE = "moi"


@private_page
@require_POST
def agree(request: HttpRequest, token: str, channel: str, purpose: str) -> HttpResponse:
    """Turn one on. From the mailbox itself, so an earlier « plus rien » ends (J3)."""
    return _choose(token, (channel, purpose, ""), wanted=True)


@private_page
@require_POST
def stop(request: HttpRequest, token: str, channel: str, purpose: str) -> HttpResponse:
    """Turn one off; the others stay (J29)."""
    return _choose(token, (channel, purpose, ""), wanted=False)


@private_page
@require_POST
def agree_to_news(request: HttpRequest, token: str, petition: int) -> HttpResponse:
    """The news of one petition, and of no other (U35)."""
    return _choose(token, (*NEWS, news_of(petition)["scope"]), wanted=True)


@private_page
@require_POST
def stop_news(request: HttpRequest, token: str, petition: int) -> HttpResponse:
    return _choose(token, (*NEWS, news_of(petition)["scope"]), wanted=False)


@private_page
@require_POST
def stop_all(request: HttpRequest, token: str) -> HttpResponse:
    mailbox = mailbox_from_token(token, now=timezone.now())
    stop_everything(person=mailbox.person, source=SOURCE, now=timezone.now())
    return back(token, "tout-arret")


def _choose(token: str, key: Key, *, wanted: bool) -> HttpResponse:
    mailbox = mailbox_from_token(token, now=timezone.now())
    set_preferences(
        person=mailbox.person,
        offered={key: _sentence(mailbox, key)},
        chosen=[key] if wanted else [],
        source=SOURCE,
        now=timezone.now(),
    )
    return back(token, "accord" if wanted else "arret")


def _sentence(mailbox: ContactPoint, key: Key) -> str:
    """The gate: the words of a choice that exists; the news of a petition one has nothing to do
    with do not."""
    standing = standing_sentences(mailbox.organisation).get((key[0], key[1]))
    if standing is not None and not key[2]:
        return standing
    for choice in choices_of(mailbox.person, mailbox.organisation).rows:
        if choice.key == key:
            return choice.sentence
    raise Http404
