"""People who may be one: found in sets, compared, merged, parted, told apart."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.models import Entry
from levier.foundation.people.actions.resemblances import find_resemblances
from levier.foundation.people.models.merge import Merge
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.resemblance import Resemblance
from levier.foundation.people.tasks.resemblances import find_everywhere
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.tally import Tally
from tests.cast import NOW, make_campaign, make_petition, make_signature, person_of
from tests.faces.desk.people.conftest import Index, SeatedAt

pytestmark = pytest.mark.django_db
PAIRS = "/tableau-de-bord/soutiens/doublons/"


def somebody(petition: Petition, email: str, first: str, last: str, postcode: str = "") -> Person:
    person = person_of(make_signature(petition, email))
    Person.objects.filter(pk=person.pk).update(first_name=first, last_name=last, postcode=postcode)
    return person


def call(person: Person, number: str) -> None:
    ContactPoint.objects.create(
        organisation=person.organisation, person=person, channel="phone", typed=number,
        canonical=number, created_at=NOW,
    )  # fmt: skip


def pairs() -> set[tuple[int, int, tuple[str, ...]]]:
    rows = Resemblance.objects.filter(dismissed_at=None)
    return {(one.first_id, one.second_id, tuple(one.by)) for one in rows}


@pytest.fixture
def twins(lilas: Petition, index: Index, now: datetime) -> tuple[Person, Person]:
    first = somebody(lilas, "camille.roche@exemple.fr", "Camille", "Roche", "35000")
    second = somebody(lilas, "camilleroche+velo@exemple.com", "camille", "ROCHE", "35000")
    call(first, "+33612345678")
    call(second, "0612345678")
    somebody(lilas, "paul@exemple.fr", "Paul", "Martin", "35000")
    index()
    find_resemblances(organisation_id=first.organisation_id, now=now)
    return first, second


def test_resemblances_are_found_by_number_name_and_mailbox(
    twins: tuple[Person, Person], lilas: Petition, index: Index, now: datetime
) -> None:
    assert pairs() == {(twins[0].pk, twins[1].pk, ("email", "name", "phone"))}
    third = somebody(lilas, "x@exemple.fr", "Camille", "Roche", "75011")
    call(third, "33612345678")
    somebody(lilas, "y@exemple.fr", "Camille", "Roche")  # no place: the name alone says little
    index()
    assert find_resemblances(organisation_id=third.organisation_id, now=now) == 2
    assert (twins[0].pk, third.pk, ("phone",)) in pairs()


def test_what_is_no_longer_alike_is_forgotten_and_what_was_answered_stays(
    twins: tuple[Person, Person], index: Index, seat: SeatedAt, aicha: User, now: datetime
) -> None:
    first, second = twins
    address = f"/tableau-de-bord/soutiens/{second.pk}/et/{first.pk}/distinguer/"
    assert seat(aicha).post(address).status_code == 302
    find_resemblances(organisation_id=first.organisation_id, now=now + timedelta(hours=1))
    assert pairs() == set()
    assert Resemblance.objects.get().dismissed_by == aicha
    Resemblance.objects.update(dismissed_at=None, dismissed_by=None)
    ContactPoint.objects.filter(person=second).delete()
    Person.objects.filter(pk=second.pk).update(postcode="44000")
    index()
    find_everywhere(timestamp=0)
    assert not Resemblance.objects.exists()


def test_a_number_that_many_share_tells_nothing(
    lilas: Petition, index: Index, now: datetime
) -> None:
    for n in range(9):
        call(somebody(lilas, f"p{n}@exemple.fr", f"P{n}", "Durand"), f"{n}612345678")
    index()
    assert find_resemblances(organisation_id=lilas.campaign.organisation_id, now=now) == 0


def test_organisations_are_never_compared(
    twins: tuple[Person, Person], claire: User, droits_debout: Organisation, index: Index,
    now: datetime,
) -> None:  # fmt: skip
    theirs = make_petition(make_campaign(droits_debout), claire, slug="liberez")
    somebody(theirs, "camille.roche@exemple.fr", "Camille", "Roche", "35000")
    index()
    assert find_resemblances(organisation_id=droits_debout.pk, now=now) == 0


def test_two_cards_are_compared_merged_and_parted_at_the_desk(
    twins: tuple[Person, Person], seat: SeatedAt, aicha: User
) -> None:
    first, second = twins
    client = seat(aicha)
    assert "même numéro de téléphone" in client.get(PAIRS).text.lower()
    compare = f"/tableau-de-bord/soutiens/{first.pk}/et/{second.pk}/"
    page = client.get(compare).text
    assert "camille.roche@exemple.fr" in page
    assert "une signature restera comptée" in page
    response = client.post(f"{compare}fusionner/")
    assert response.headers["Location"] == f"/tableau-de-bord/soutiens/{first.pk}/"
    assert Tally.objects.get().counted == 2
    assert "Aucune ressemblance" in client.get(PAIRS).text
    assert client.post(f"{compare}fusionner/").status_code == 404
    merge = Merge.objects.get()
    client.post(f"/tableau-de-bord/soutiens/fusions/{merge.pk}/defaire/")
    assert Tally.objects.get().counted == 3
    again = client.post(f"/tableau-de-bord/soutiens/fusions/{merge.pk}/defaire/", follow=True)
    assert "ne peut plus être défaite" in again.text
    acts = [json.loads(bytes(e.leaf)) for e in Entry.objects.filter(kind=3).order_by("seq")]
    told = [(a["act"], a["by"]) for a in acts if a["act"] in {"people.merge", "people.part"}]
    assert told == [("people.merge", aicha.pk), ("people.part", aicha.pk)]
    assert "camille" not in json.dumps(acts).lower()


def test_a_moderator_merges_nobody(
    twins: tuple[Person, Person], seat: SeatedAt, moderator: User
) -> None:
    first, second = twins
    client = seat(moderator)
    assert client.get(PAIRS).status_code == 403
    address = f"/tableau-de-bord/soutiens/{first.pk}/et/{second.pk}/"
    assert client.get(address).status_code == 403
    assert client.post(f"{address}fusionner/").status_code == 403
    assert not Merge.objects.exists()


def test_the_list_takes_as_many_queries_for_one_pair_as_for_three(
    lilas: Petition, index: Index, seat: SeatedAt, aicha: User, now: datetime
) -> None:
    client, counts = seat(aicha), []
    for names in (("a",), ("b", "c")):
        for name in names:
            for n in range(2):
                somebody(lilas, f"{name}{n}@exemple.fr", "Ana", f"Bo{name}", "35000")
        index()
        find_resemblances(organisation_id=lilas.campaign.organisation_id, now=now)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAIRS)
        counts.append((len(queries), Resemblance.objects.count()))
    assert [n for _, n in counts] == [1, 3]
    assert counts[0][0] == counts[1][0] <= 10


def test_looking_now_asks_the_worker_once(
    twins: tuple[Person, Person], seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    for _ in range(2):
        assert client.post(f"{PAIRS}chercher/").status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s",
                       ["people.find_resemblances"])  # fmt: skip
        assert cursor.fetchone() == (1,)
