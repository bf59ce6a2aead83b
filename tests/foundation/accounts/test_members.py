"""An organisation's team, which always keeps somebody responsible."""

import json
import threading
from datetime import datetime

import pytest
from django.db import connection

from levier.foundation.accounts.actions import (
    add_member,
    change_role,
    create_organisation,
    create_user,
    remove_member,
)
from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.errors import AlreadyMember, EmailTaken, LastOwner
from levier.foundation.accounts.models import Membership, Organisation, User
from levier.foundation.ledger.models import Entry


@pytest.mark.django_db
def test_an_organisation_gets_a_free_address(now: datetime) -> None:
    made = [
        create_organisation(
            name="Valmont à vélo",
            postal_address="3 rue du Lavoir",
            sender_email="bonjour@valmont.example",
            now=now,
        )
        for _ in range(3)
    ]
    assert [one.slug for one in made] == [
        "valmont-a-velo",
        "valmont-a-velo-2",
        "valmont-a-velo-3",
    ]


@pytest.mark.django_db
def test_an_account_is_known_by_its_address_in_lower_case(now: datetime) -> None:
    user = create_user(email="Aicha@Valmont.example", name="Aïcha", password="a bike lane", now=now)
    assert user.email == "aicha@valmont.example"
    assert user.check_password("a bike lane")
    with pytest.raises(EmailTaken):
        create_user(email="aicha@valmont.example", name="Autre", password=None, now=now)
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_member_is_added_once(valmont: Organisation, stranger: User, now: datetime) -> None:
    add_member(organisation=valmont, user=stranger, role=Role.MODERATOR, now=now)
    with pytest.raises(AlreadyMember):
        add_member(organisation=valmont, user=stranger, role=Role.OWNER, now=now)
    assert Membership.objects.get(user=stranger).role == Role.MODERATOR


@pytest.mark.django_db
def test_the_last_owner_stays(
    valmont: Organisation, aicha: User, hugo: User, now: datetime
) -> None:
    mine = Membership.objects.get(user=aicha)
    his = Membership.objects.get(user=hugo)
    with pytest.raises(LastOwner):
        change_role(membership=mine, role=Role.OBSERVER, by=aicha, now=now)
    with pytest.raises(LastOwner):
        remove_member(membership=mine, by=aicha, now=now)
    change_role(membership=his, role=Role.OWNER, by=aicha, now=now)
    change_role(membership=mine, role=Role.OBSERVER, by=hugo, now=now)
    assert Membership.objects.get(user=aicha).role == Role.OBSERVER
    assert Membership.objects.get(user=hugo).role == Role.OWNER


@pytest.mark.django_db
def test_an_owner_whose_account_is_closed_does_not_count(
    valmont: Organisation, aicha: User, hugo: User, now: datetime
) -> None:
    Membership.objects.filter(user=hugo).update(role=Role.OWNER)
    User.objects.filter(pk=hugo.pk).update(is_active=False)
    with pytest.raises(LastOwner):
        remove_member(membership=Membership.objects.get(user=aicha), by=aicha, now=now)


@pytest.mark.django_db(transaction=True)
def test_two_owners_leaving_at_once_cannot_both_leave(
    valmont: Organisation, aicha: User, hugo: User, now: datetime
) -> None:
    Membership.objects.filter(user=hugo).update(role=Role.OWNER)
    together = threading.Barrier(2)
    refused: list[User] = []

    def leave(user: User) -> None:
        membership = Membership.objects.get(user=user)
        together.wait()
        try:
            remove_member(membership=membership, by=user, now=now)
        except LastOwner:
            refused.append(user)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[user]) for user in (aicha, hugo)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Membership.objects.filter(role=Role.OWNER).count() == 1


@pytest.mark.django_db
def test_each_change_of_the_team_is_written_in_the_log(
    valmont: Organisation, aicha: User, hugo: User, now: datetime
) -> None:
    membership = Membership.objects.get(user=hugo)
    change_role(membership=membership, role=Role.MODERATOR, by=aicha, now=now)
    remove_member(membership=membership, by=aicha, now=now)
    entries = [json.loads(bytes(leaf)) for leaf in Entry.objects.values_list("leaf", flat=True)]
    assert [(one["act"], one["by"], one["user"]) for one in entries] == [
        ("accounts.change_role", aicha.pk, hugo.pk),
        ("accounts.remove_member", aicha.pk, hugo.pk),
    ]
