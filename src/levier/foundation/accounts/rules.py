"""Who may do what in an organisation. Gates fetch and authorise in one call.

A stranger meets Hidden, as if nothing were there; a member without the right meets NotAllowed.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime

from levier.foundation.accounts.enums import (
    CAN_CAMPAIGN,
    CAN_MANAGE_TEAM,
    CAN_MODERATE,
    CAN_SEE_NUMBERS,
)
from levier.foundation.accounts.errors import Hidden, InvitationOver, NotAllowed
from levier.foundation.accounts.models import Invitation, Membership, User
from levier.foundation.accounts.queries import memberships_of


def can_manage_team(membership: Membership) -> bool:
    return membership.role in CAN_MANAGE_TEAM


def can_campaign(membership: Membership) -> bool:
    return membership.role in CAN_CAMPAIGN


def can_moderate(membership: Membership) -> bool:
    return membership.role in CAN_MODERATE


def can_see_numbers(membership: Membership) -> bool:
    return membership.role in CAN_SEE_NUMBERS


def require(membership: Membership, roles: Collection[str]) -> Membership:
    """The same membership if its role is one of `roles`, else NotAllowed."""
    if membership.role not in roles:
        raise NotAllowed
    return membership


def membership_of(user: User, organisation: int) -> Membership:
    """The user's place in one organisation, or Hidden."""
    membership = (
        Membership.objects.filter(user=user, organisation=organisation)
        .select_related("organisation", "user")
        .first()
    )
    if membership is None:
        raise Hidden
    return membership


def organisation_for(user: User, slug: str = "", roles: Collection[str] = ()) -> Membership:
    """The user's place in the organisation named, or else in the first one where they have a role.

    Raises Hidden to strangers, NotAllowed when the place they have does not give one of `roles`.
    """
    found = [place for place in memberships_of(user) if slug in ("", place.organisation.slug)]
    if not found:
        raise Hidden
    allowed = [place for place in found if not roles or place.role in roles]
    if not allowed:
        raise NotAllowed
    return allowed[0]


def member_for_managing(user: User, pk: int) -> Membership:
    """A membership that this user may change, or Hidden, or NotAllowed."""
    membership = Membership.objects.filter(pk=pk).select_related("organisation", "user").first()
    if membership is None:
        raise Hidden
    require(membership_of(user, membership.organisation_id), CAN_MANAGE_TEAM)
    return membership


def invitation_for_managing(user: User, pk: int) -> Invitation:
    """An invitation that this user may withdraw, or Hidden, or NotAllowed."""
    invitation = Invitation.objects.filter(pk=pk).select_related("organisation").first()
    if invitation is None:
        raise Hidden
    require(membership_of(user, invitation.organisation_id), CAN_MANAGE_TEAM)
    return invitation


def open_invitation(secret: str, *, now: datetime, lock: bool = False) -> Invitation:
    """The invitation a link opens. Raises InvitationOver if unknown, used, withdrawn or too old."""
    found = Invitation.objects.filter(
        secret_hash=hashlib.sha256(secret.encode()).digest(),
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=now,
    )
    if lock:
        found = found.select_for_update(of=("self",))
    invitation = found.select_related("organisation", "invited_by").first()
    if invitation is None:
        raise InvitationOver
    return invitation
