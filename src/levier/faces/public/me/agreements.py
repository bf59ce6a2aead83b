"""Agreements, one switch for each channel and purpose, each with the words it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from levier.faces.public.me.notices import back
from levier.faces.public.private import private_page
from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.consents import (
    give_consent,
    withdraw_consent,
    withdraw_every_consent,
)
from levier.foundation.people.actions.suppressions import lift_unsubscription
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.queries.agreements import Agreement, agreements_of
from levier.gathering.petitions.rules.choices import in_force
from levier.gathering.signing.actions.partner_agreements import withdraw_partner_agreements
from levier.gathering.signing.queries.mine import MySignature
from levier.gathering.signing.rules.links import mailbox_from_token
from levier.gathering.signing.rules.sentences import standing_sentences

SOURCE = "moi"


@dataclass(frozen=True, kw_only=True)
class Switch:
    """One line of the page: what, on or off, since when and in which words."""

    channel: Channel
    purpose: Purpose
    sentence: str
    given: bool
    wording: str  # as read when it was last said; "" when never said
    at: datetime | None
    origin: str


def switches(
    person: Person, signatures: Sequence[MySignature], organisation: Organisation
) -> list[Switch]:
    """E-mail for all; telephone and post only where the person was asked already."""
    said = {(one.channel, one.purpose): one for one in agreements_of(person)}
    petitions = [mine.signature.petition for mine in signatures]
    offered = {(Channel.EMAIL, Purpose.PETITION_NEWS)} if petitions else set()
    if any(in_force(petition, "offers_org_news") for petition in petitions):
        offered.add((Channel.EMAIL, Purpose.ORG_NEWS))
    return [
        _switch(key, sentence, said.get(key))
        for key, sentence in standing_sentences(organisation).items()
        if key in offered or key in said
    ]


def _switch(key: tuple[str, str], sentence: str, said: Agreement | None) -> Switch:
    return Switch(
        channel=Channel(key[0]),
        purpose=Purpose(key[1]),
        sentence=sentence,
        given=said is not None and said.given,
        wording=said.wording if said else "",
        at=said.at if said else None,
        origin=_origin(said.source) if said else "",
    )


def _origin(source: str) -> str:
    if source == SOURCE:
        return _("sur cette page")
    if source.startswith("paper:"):
        return _("sur une feuille papier")
    return _("avec une signature") if source.startswith("signature:") else _("par l’organisation")


@private_page
@require_POST
def agree(request: HttpRequest, token: str, channel: str, purpose: str) -> HttpResponse:
    """Turn one on. From the mailbox itself, so an earlier « plus rien » ends (J3)."""
    mailbox, sentence = _asked(token, channel, purpose)
    now = timezone.now()
    if channel == Channel.EMAIL:
        lift_unsubscription(
            organisation=mailbox.organisation, channel=channel, canonical=mailbox.canonical
        )
    give_consent(
        person=mailbox.person,
        channel=channel,
        purpose=purpose,
        wording=sentence,
        source=SOURCE,
        now=now,
    )
    return back(token, "accord")


@private_page
@require_POST
def stop(request: HttpRequest, token: str, channel: str, purpose: str) -> HttpResponse:
    """Turn one off; the others stay (J29)."""
    mailbox, sentence = _asked(token, channel, purpose)
    withdraw_consent(
        person=mailbox.person,
        channel=channel,
        purpose=purpose,
        wording=sentence,
        source=SOURCE,
        now=timezone.now(),
    )
    return back(token, "arret")


@private_page
@require_POST
def stop_all(request: HttpRequest, token: str) -> HttpResponse:
    mailbox = mailbox_from_token(token, now=timezone.now())
    withdraw_every_consent(person=mailbox.person, source=SOURCE, now=timezone.now())
    withdraw_partner_agreements(person=mailbox.person, now=timezone.now())
    return back(token, "tout-arret")


def _asked(token: str, channel: str, purpose: str) -> tuple[ContactPoint, str]:
    """The gate: the mailbox, and the sentence of a switch that exists."""
    mailbox = mailbox_from_token(token, now=timezone.now())
    sentence = standing_sentences(mailbox.organisation).get((channel, purpose))
    if sentence is None:
        raise Http404
    return mailbox, sentence
