"""Who may write, publish, approve and read news. Each gate fetches and authorises in one call.

A stranger meets Hidden (404); a member who may look but not touch meets NotAllowed (403), as at
the gates of petitions.
"""

from dataclasses import dataclass

from levier.foundation.accounts.errors import Hidden, NotAllowed
from levier.foundation.accounts.models import User
from levier.gathering.petitions.enums import PUBLIC as PUBLIC_PETITION
from levier.gathering.petitions.rules.gates import (
    Place,
    petition_for_editing,
    petition_for_following,
    petition_for_moderating,
)
from levier.gathering.updates.enums import WRITABLE, UpdateState
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.review import awaits_approval

READ_WITH = (
    "update__author",
    "update__edited_by",
    "update__approved_by",
    "update__press_link",
    "update__milestone",
    "update__message",
    "contact",
)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An update with its ask, and the user's place beside its petition."""

    place: Place
    ask: Ask
    user: User

    @property
    def update(self) -> Update:
        return self.ask.update

    @property
    def can_write(self) -> bool:
        return can_write(self.place) and self.update.state in WRITABLE

    @property
    def can_publish(self) -> bool:
        return can_publish(self.place, self.update)

    @property
    def can_approve(self) -> bool:
        return can_approve(self.place, self.update, self.user)

    @property
    def can_steer(self) -> bool:
        """Pause, resume, cancel, move, correct what is published."""
        return self.place.can_edit


def can_write(place: Place) -> bool:
    """The team that edits the petition, and the author of a supporter's petition."""
    return place.can_edit or place.is_author


def can_publish(place: Place, update: Update) -> bool:
    """Whoever may write, once somebody else has read it where that is wanted (U15)."""
    if place.petition.state not in PUBLIC_PETITION or update.state not in WRITABLE:
        return False
    return can_write(place) and not awaits_approval(update)


def can_approve(place: Place, update: Update, user: User) -> bool:
    """An editor of the team who did not write it."""
    own = user.pk in (update.author_id, update.edited_by_id)
    return place.can_edit and update.state == UpdateState.IN_REVIEW and not own


def updates_for_reading(user: User, slug: str) -> Place:
    """The list and the results: whoever may see the petition's numbers, and its author."""
    return petition_for_following(user, slug)


def updates_for_writing(user: User, slug: str) -> Place:
    """A new draft."""
    place = petition_for_following(user, slug)
    if not can_write(place):
        raise NotAllowed
    return place


def update_for_reading(user: User, slug: str, pk: int) -> Desk:
    """One update, for whoever may see the petition's numbers, and its author."""
    return _desk(user, petition_for_following(user, slug), pk)


def update_for_editing(user: User, slug: str, pk: int) -> Desk:
    """One update, for whoever may change its words. Its state is the actions' to judge."""
    return _desk(user, updates_for_writing(user, slug), pk)


def update_for_publishing(user: User, slug: str, pk: int) -> Desk:
    """The same: who may not publish it yet is told why by `publish` (NotApproved)."""
    return update_for_editing(user, slug, pk)


def update_for_approving(user: User, slug: str, pk: int) -> Desk:
    """One update, for an editor of the team who did not write it."""
    desk = _desk(user, petition_for_editing(user, slug), pk)
    if user.pk in (desk.update.author_id, desk.update.edited_by_id):
        raise NotAllowed
    return desk


def update_for_steering(user: User, slug: str, pk: int) -> Desk:
    """One update, for an editor of the team: pause, resume, cancel, move, correct."""
    return _desk(user, petition_for_editing(user, slug), pk)


def update_for_naming(user: User, slug: str, pk: int) -> Desk:
    """« Qui a reçu quoi » (U59): roles that may see names."""
    return _desk(user, petition_for_moderating(user, slug), pk)


def _desk(user: User, place: Place, pk: int) -> Desk:
    found = Ask.objects.select_related(*READ_WITH)
    ask = found.filter(update=pk, update__petition=place.petition).first()
    if ask is None:
        raise Hidden
    ask.update.petition = place.petition
    return Desk(place=place, ask=ask, user=user)
