"""Changes to organisations, users, members and invitations."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.errors import (
    AlreadyInvited,
    AlreadyMember,
    EmailTaken,
    LastOwner,
    NotTheInvited,
)
from levier.foundation.accounts.mails import send_invitation
from levier.foundation.accounts.models import Invitation, Membership, Organisation, User
from levier.foundation.accounts.queries import owners_of
from levier.foundation.accounts.rules import open_invitation
from levier.foundation.ledger.actions import append_audit

INVITATION_AGE = timedelta(days=14)


@transaction.atomic
def create_organisation(
    *,
    name: str,
    postal_address: str,
    sender_email: str,
    now: datetime,
    legal_name: str = "",
    reply_email: str = "",
    slug: str = "",
) -> Organisation:
    """Found an organisation. `slug` is made from the name, with a number if taken."""
    return Organisation.objects.create(
        uuid=uuid.uuid4(),
        name=name,
        slug=_free_slug(slug or slugify(name)[:70] or "organisation"),
        legal_name=legal_name or name,
        postal_address=postal_address,
        sender_email=sender_email,
        reply_email=reply_email,
        created_at=now,
    )


def _free_slug(wanted: str) -> str:
    taken = set(Organisation.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    candidates = (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic
def change_organisation(
    *,
    organisation: Organisation,
    name: str,
    legal_name: str,
    postal_address: str,
    sender_email: str,
    reply_email: str,
    by: User,
    now: datetime,
) -> Organisation:
    """Change what the organisation says of itself in pages and mails."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    organisation.name = name
    organisation.legal_name = legal_name
    organisation.postal_address = postal_address
    organisation.sender_email = sender_email
    organisation.reply_email = reply_email
    organisation.save()
    _audit(organisation.pk, "change_organisation", by, now)
    return organisation


@transaction.atomic
def set_welcome(
    *,
    organisation: Organisation,
    welcomes_petitions: bool,
    reviews_petitions: bool,
    welcome_words: str,
    by: User,
    now: datetime,
) -> Organisation:
    """Say whether supporters may launch petitions there, and whether the team reads them first.

    Those already launched stay as they are.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    organisation.welcomes_petitions = welcomes_petitions
    organisation.reviews_petitions = reviews_petitions
    organisation.welcome_words = welcome_words
    changed = ["welcomes_petitions", "reviews_petitions", "welcome_words"]
    organisation.save(update_fields=changed)
    facts = {"welcomes": int(welcomes_petitions), "reviews": int(reviews_petitions)}
    _audit(organisation.pk, "set_welcome", by, now, **facts)
    return organisation


@transaction.atomic
def create_user(*, email: str, name: str, password: str | None, now: datetime) -> User:
    """Open an account; without a password, sign-in goes by e-mail code. Raises EmailTaken."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name, created_at=now)
    except IntegrityError as error:
        raise EmailTaken from error


@transaction.atomic
def rename_user(*, user: User, name: str) -> User:
    """Change the name a user is shown with."""
    user.name = name
    user.save(update_fields=["name"])
    return user


@transaction.atomic
def add_member(
    *,
    organisation: Organisation,
    user: User,
    role: str,
    now: datetime,
    by: User | None = None,
) -> Membership:
    """Give a user a role. Raises AlreadyMember. `by` is None from the command line."""
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                organisation=organisation, user=user, role=role, since=now
            )
    except IntegrityError as error:
        raise AlreadyMember from error
    _audit(organisation.pk, "add_member", by, now, user=user.pk, role=role)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User, now: datetime) -> Membership:
    """Give a member another role. Raises LastOwner rather than leave nobody responsible."""
    membership = _alone(membership)
    if role != Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    _audit(membership.organisation_id, "change_role", by, now, user=membership.user_id, role=role)
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User, now: datetime) -> None:
    """End a membership; the account stays. Raises LastOwner."""
    membership = _alone(membership)
    _keep_an_owner(membership)
    membership.delete()
    _audit(membership.organisation_id, "remove_member", by, now, user=membership.user_id)


def _alone(membership: Membership) -> Membership:
    """The membership as it is now, nobody else changing this team until the commit."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    return Membership.objects.select_for_update().get(pk=membership.pk)


def _keep_an_owner(membership: Membership) -> None:
    others = owners_of(membership.organisation).exclude(pk=membership.pk)
    if membership.role == Role.OWNER and not others.exists():
        raise LastOwner


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, role: str, by: User, now: datetime
) -> Invitation:
    """Offer a place by e-mail. The link's secret is only in the mail; we keep its hash.

    Raises AlreadyMember, AlreadyInvited.
    """
    email = email.strip().lower()
    secret = secrets.token_urlsafe(24)
    if Membership.objects.filter(organisation=organisation, user__email=email).exists():
        raise AlreadyMember
    pending = Invitation.objects.filter(
        organisation=organisation, email=email, accepted_at=None, withdrawn_at=None
    )
    pending.filter(expires_at__lte=now).update(withdrawn_at=now)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                organisation=organisation,
                email=email,
                role=role,
                secret_hash=hashlib.sha256(secret.encode()).digest(),
                invited_by=by,
                created_at=now,
                expires_at=now + INVITATION_AGE,
            )
    except IntegrityError as error:
        raise AlreadyInvited from error
    _audit(organisation.pk, "invite", by, now, invitation=invitation.pk, role=role)
    send_invitation(invitation, secret=secret)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Make a pending invitation's link useless. An accepted one is left as it is."""
    pending = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if pending.update(withdrawn_at=now):
        scope = invitation.organisation_id
        _audit(scope, "withdraw_invitation", by, now, invitation=invitation.pk)


@transaction.atomic
def accept_invitation(*, secret: str, user: User, now: datetime) -> Membership:
    """Enter the team. Twice is the same as once. Raises InvitationOver, NotTheInvited."""
    invitation = open_invitation(secret, now=now, lock=True)
    if user.email != invitation.email:
        raise NotTheInvited
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    membership, is_new = Membership.objects.get_or_create(
        organisation=invitation.organisation,
        user=user,
        defaults={"role": invitation.role, "since": now},
    )
    if is_new:
        scope = invitation.organisation_id
        _audit(scope, "accept_invitation", user, now, invitation=invitation.pk)
    return membership


@transaction.atomic
def join_with_new_account(*, secret: str, name: str, password: str, now: datetime) -> User:
    """Accept an invitation as somebody who had no account. Raises InvitationOver, EmailTaken."""
    invitation = open_invitation(secret, now=now, lock=True)
    user = create_user(email=invitation.email, name=name, password=password, now=now)
    accept_invitation(secret=secret, user=user, now=now)
    return user


def _audit(
    organisation: int, kind: str, by: User | None, now: datetime, **facts: int | str
) -> None:
    append_audit(
        scope=organisation,
        body={"act": f"accounts.{kind}", **facts},
        by=by.pk if by else None,
        now=now,
    )
