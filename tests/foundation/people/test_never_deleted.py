"""A card that was written stays: erased or merged, never deleted."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.forgetting import forget_people
from levier.foundation.people.actions.new_people import Newcomer, add_people
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.petition import Petition

pytestmark = pytest.mark.django_db


def newcomer(email: str, first_name: str = "Jeanne") -> Newcomer:
    return Newcomer(
        canonical=email,
        typed=email.upper(),
        first_name=first_name,
        last_name="Le Goff",
        postcode="35000",
        country="FR",
    )


@pytest.fixture
def jeanne(valmont: Organisation, now: datetime) -> Person:
    add_people(organisation=valmont, newcomers=[newcomer("jeanne@exemple.fr")], now=now)
    return Person.objects.get()


def by_hand() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM levier_person")


@pytest.mark.parametrize("way", [Person.objects.all().delete, by_hand])
def test_postgresql_refuses_to_delete_anybody(jeanne: Person, way: Callable[[], object]) -> None:
    for deleting in (way, jeanne.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            deleting()
    assert Person.objects.filter(pk=jeanne.pk).exists()


def test_whoever_is_erased_stays_as_a_bare_row(jeanne: Person, now: datetime) -> None:
    forget_people(person_ids=[jeanne.pk], now=now)
    jeanne.refresh_from_db()
    assert jeanne.erased_at == now
    assert (jeanne.first_name, jeanne.last_name, jeanne.postcode) == ("", "", "")


def test_who_is_new_is_written_with_their_mailbox(jeanne: Person, now: datetime) -> None:
    point = ContactPoint.objects.get()
    assert (point.person_id, point.canonical) == (jeanne.pk, "jeanne@exemple.fr")
    assert point.typed == "JEANNE@EXEMPLE.FR"
    assert (jeanne.first_name, jeanne.country, jeanne.created_at) == ("Jeanne", "FR", now)


def test_who_is_known_keeps_their_card_and_leaves_no_other(
    jeanne: Person, valmont: Organisation, now: datetime
) -> None:
    both = [newcomer("jeanne@exemple.fr", "Autre"), newcomer("paul@exemple.fr", "Paul")]
    add_people(organisation=valmont, newcomers=both, now=now)
    assert sorted(Person.objects.values_list("first_name", flat=True)) == ["Jeanne", "Paul"]
    assert ContactPoint.objects.filter(person__in=Person.objects.all()).count() == 2


def test_the_same_mailbox_in_another_organisation_is_somebody_else(
    jeanne: Person, lilas: Petition, droits_debout: Organisation, now: datetime
) -> None:
    add_people(organisation=droits_debout, newcomers=[newcomer("jeanne@exemple.fr")], now=now)
    assert Person.objects.count() == 2
