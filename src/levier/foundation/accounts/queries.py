"""Who works where."""

from datetime import datetime

from django.db.models import QuerySet

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Invitation, Membership, Organisation, User


def memberships_of(user: User) -> QuerySet[Membership]:
    """A user's places, with their organisation, by name."""
    return (
        Membership.objects.filter(user=user)
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    )


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """The team, with each user, by seniority."""
    return (
        Membership.objects.filter(organisation=organisation)
        .select_related("user")
        .order_by("since", "pk")
    )


def owners_of(organisation: Organisation) -> QuerySet[Membership]:
    """Members who answer for the organisation and can still sign in."""
    return Membership.objects.filter(
        organisation=organisation, role=Role.OWNER, user__is_active=True
    )


def pending_invitations_of(organisation: Organisation, *, now: datetime) -> QuerySet[Invitation]:
    """Places offered and not yet taken."""
    return (
        Invitation.objects.filter(
            organisation=organisation,
            accepted_at=None,
            withdrawn_at=None,
            expires_at__gt=now,
        )
        .select_related("invited_by")
        .order_by("created_at", "pk")
    )


def has_account(email: str) -> bool:
    """Whether somebody signs in with that address."""
    return User.objects.filter(email=email).exists()
