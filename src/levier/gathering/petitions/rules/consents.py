"""The exact words beside each box of the sign form: shown on the page, kept with the consent (P9).

Change a sentence here and new consents are recorded with the new words; old ones keep theirs.
"""

from typing import NamedTuple, Protocol, TypedDict

from django.utils.translation import gettext as _

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.rules import scope_of


class Agreement(NamedTuple):
    """What ticking a box means."""

    channel: Channel
    purpose: Purpose


class Offering(Protocol):
    """What is offered on the form: a campaign, or the terms of one petition."""

    @property
    def organisation(self) -> Organisation: ...
    @property
    def offers_org_news(self) -> bool: ...
    @property
    def offers_phone(self) -> bool: ...
    @property
    def offers_post(self) -> bool: ...


AGREEMENTS = {
    "consent_updates": Agreement(Channel.EMAIL, Purpose.PETITION_NEWS),
    "consent_org_news": Agreement(Channel.EMAIL, Purpose.ORG_NEWS),
    "consent_phone": Agreement(Channel.PHONE, Purpose.CONTINUE),
    "consent_post": Agreement(Channel.POST, Purpose.CONTINUE),
}


class News(TypedDict):
    """The agreement to the news of one petition, by e-mail."""

    channel: Channel
    purpose: Purpose
    scope: str


def news_of(petition: int) -> News:
    """What somebody agrees to who wants the news of that petition, and of no other."""
    purpose = Purpose.PETITION_NEWS
    return News(
        channel=Channel.EMAIL, purpose=purpose, scope=scope_of(purpose, f"petition:{petition}")
    )


def what_is_received(purpose: str, title: str) -> str:
    """What an agreement brings, in a few words: the news of one petition name it."""
    if purpose == Purpose.PETITION_NEWS and title:
        return _("nouvelles de « %(title)s »") % {"title": title}
    return str(Purpose(purpose).label)


def consent_sentences(offered: Offering) -> dict[str, str]:
    """The boxes that are offered, in the order of the page: field → sentence. All unticked."""
    organisation = {"organisation": offered.organisation.name}
    updates = _("Je veux recevoir les nouvelles de cette pétition, une par jour au plus.")
    sentences = {"consent_updates": updates}
    if offered.offers_org_news:
        sentences["consent_org_news"] = (
            _("%(organisation)s peut me proposer d’autres façons d’agir.") % organisation
        )
    if offered.offers_phone:
        sentences["consent_phone"] = (
            _("%(organisation)s peut me téléphoner pour poursuivre l’action ensemble.")
            % organisation
        )
    if offered.offers_post:
        sentences["consent_post"] = (
            _("%(organisation)s peut m’écrire par la poste pour poursuivre l’action ensemble.")
            % organisation
        )
    return sentences


def show_name_sentence() -> str:
    """The box that lets « Paul T. » be read beside the comment (P54). Not a consent to contact."""
    return _("Mon prénom et l’initiale de mon nom peuvent paraître avec mon commentaire.")
