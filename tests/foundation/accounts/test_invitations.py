"""A place offered by e-mail, taken once, by the one it was offered to."""

import re
from datetime import datetime, timedelta

import pytest

from levier.foundation.accounts.actions import (
    accept_invitation,
    invite,
    join_with_new_account,
    withdraw_invitation,
)
from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.errors import (
    AlreadyInvited,
    AlreadyMember,
    EmailTaken,
    InvitationOver,
    NotTheInvited,
)
from levier.foundation.accounts.models import Invitation, Membership, Organisation, User
from tests.account_mails import queued_account_mails

pytestmark = pytest.mark.django_db
SECRET = re.compile(r"/invitation/([\w-]+)/")


def last_secret() -> str:
    found = SECRET.search(queued_account_mails()[-1]["text"])
    assert found
    return found.group(1)


def test_the_mail_carries_the_link_and_the_table_only_its_hash(
    valmont: Organisation, aicha: User, now: datetime
) -> None:
    invite(
        organisation=valmont, email=" Zoe@Ailleurs.example ", role=Role.MODERATOR, by=aicha, now=now
    )
    (mail,) = queued_account_mails()
    assert mail["to"] == "zoe@ailleurs.example"
    assert mail["subject"] == "Valmont à vélo vous invite à rejoindre son équipe"
    assert "Aïcha Benali" in mail["text"]
    assert "Modération" in mail["text"]
    assert f"/invitation/{last_secret()}/" in mail["html"]
    stored = bytes(Invitation.objects.get().secret_hash)
    assert last_secret().encode() not in stored
    assert len(stored) == 32


def test_a_newcomer_chooses_a_name_and_a_password(
    valmont: Organisation, aicha: User, now: datetime
) -> None:
    invite(
        organisation=valmont, email="zoe@ailleurs.example", role=Role.MODERATOR, by=aicha, now=now
    )
    user = join_with_new_account(
        secret=last_secret(), name="Zoé Blanc", password="une piste cyclable", now=now
    )
    assert user.check_password("une piste cyclable")
    assert Membership.objects.get(user=user).role == Role.MODERATOR
    with pytest.raises(InvitationOver):
        join_with_new_account(secret=last_secret(), name="Zoé", password="x", now=now)


def test_somebody_with_an_account_enters_with_it(
    valmont: Organisation, aicha: User, claire: User, now: datetime
) -> None:
    invite(organisation=valmont, email=claire.email, role=Role.OBSERVER, by=aicha, now=now)
    with pytest.raises(EmailTaken):
        join_with_new_account(secret=last_secret(), name="C", password="x", now=now)
    assert accept_invitation(secret=last_secret(), user=claire, now=now).role == Role.OBSERVER


def test_an_invitation_is_for_one_address(
    valmont: Organisation, aicha: User, stranger: User, now: datetime
) -> None:
    invite(organisation=valmont, email="zoe@ailleurs.example", role=Role.OWNER, by=aicha, now=now)
    with pytest.raises(NotTheInvited):
        accept_invitation(secret=last_secret(), user=stranger, now=now)
    assert not Membership.objects.filter(user=stranger).exists()


@pytest.mark.parametrize("days", [13, 15])
def test_an_invitation_lasts_fourteen_days(
    valmont: Organisation, aicha: User, stranger: User, now: datetime, days: int
) -> None:
    invite(organisation=valmont, email=stranger.email, role=Role.OBSERVER, by=aicha, now=now)
    later = now + timedelta(days=days)
    if days > 14:
        with pytest.raises(InvitationOver):
            accept_invitation(secret=last_secret(), user=stranger, now=later)
    else:
        accept_invitation(secret=last_secret(), user=stranger, now=later)
        assert Membership.objects.filter(user=stranger).exists()


def test_a_withdrawn_invitation_opens_nothing(
    valmont: Organisation, aicha: User, stranger: User, now: datetime
) -> None:
    invitation = invite(
        organisation=valmont, email=stranger.email, role=Role.OBSERVER, by=aicha, now=now
    )
    withdraw_invitation(invitation=invitation, by=aicha, now=now)
    with pytest.raises(InvitationOver):
        accept_invitation(secret=last_secret(), user=stranger, now=now)


def test_nobody_is_invited_twice_while_it_waits(
    valmont: Organisation, aicha: User, hugo: User, now: datetime
) -> None:
    def offer(email: str, at: datetime) -> Invitation:
        return invite(organisation=valmont, email=email, role=Role.OBSERVER, by=aicha, now=at)

    first = offer("zoe@ailleurs.example", now)
    with pytest.raises(AlreadyInvited):
        offer("zoe@ailleurs.example", now)
    with pytest.raises(AlreadyMember):
        offer(hugo.email, now)
    second = offer("zoe@ailleurs.example", now + timedelta(days=20))
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert second.withdrawn_at is None
