"""Whose a draft is, and which organisations take a supporter's petition."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import QuerySet

from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.models import Membership, Organisation, User
from levier.foundation.common.tokens import seal, unseal
from levier.gathering.petitions.models.launch import LaunchDraft

DRAFT_AGE = timedelta(days=30)  # since it was last saved; then it is erased
RESUME = "launch-resume"


def new_secret() -> str:
    """What makes a draft somebody's: 192 random bits."""
    return secrets.token_urlsafe(24)


def hash_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def draft_of(secret: str) -> LaunchDraft | None:
    """The draft a secret opens, finished or not."""
    if not secret:
        return None
    return LaunchDraft.objects.filter(secret_hash=hash_of(secret)).first()


def resume_token(secret: str, *, now: datetime) -> str:
    """What a link carries to go on from another device."""
    return seal(RESUME, secret, now=now)


def secret_in(token: str, *, now: datetime) -> str:
    """The secret a link carries. Raises BadToken, ExpiredToken."""
    secret, _ = unseal(RESUME, token, now=now, max_age=DRAFT_AGE)
    return str(secret)


def welcoming() -> QuerySet[Organisation]:
    """The organisations that take their supporters' petitions, by name."""
    return Organisation.objects.filter(welcomes_petitions=True).order_by("name")


def places_to_launch(user: User) -> QuerySet[Organisation]:
    """The organisations in whose name this user may publish by themselves, by name."""
    mine = Membership.objects.filter(user=user, role__in=CAN_CAMPAIGN).values("organisation")
    return Organisation.objects.filter(pk__in=mine).order_by("name")


def campaigns_for(user: User, organisation: Organisation) -> bool:
    """Whether they are of those who campaign there, and need nobody's review."""
    return places_to_launch(user).filter(pk=organisation.pk).exists()
