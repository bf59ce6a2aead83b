"""Tags, on one, on those ticked, on all that conditions name."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.people.actions import taggings
from levier.foundation.people.actions.tags import find_or_make_tag, tag_people
from levier.foundation.people.errors import BadTag
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.search import SearchEntry
from levier.foundation.people.models.tag import PersonTag, Tag, Tagging
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.tasks.supporters import tag_all
from tests.cast import make_campaign, make_petition, make_signature, person_of
from tests.faces.desk.people.conftest import Index, SeatedAt

pytestmark = pytest.mark.django_db
PUT = "/tableau-de-bord/soutiens/etiquettes/mettre/"
PUT_ON_ALL = "/tableau-de-bord/soutiens/etiquettes/mettre-sur-tous/"
TAGS = "/tableau-de-bord/soutiens/etiquettes/"


@pytest.fixture
def ids(lilas: Petition, index: Index) -> list[int]:
    people = [person_of(make_signature(lilas, postcode="35000")) for _ in range(3)]
    index()
    return [person.pk for person in people]


def test_a_tag_is_the_same_whatever_its_case_and_accents(
    valmont: Organisation, now: datetime
) -> None:
    first = find_or_make_tag(organisation=valmont, name=" Bénévole  actif ", now=now)
    again = find_or_make_tag(organisation=valmont, name="benevole ACTIF", now=now)
    assert (first.pk, first.name) == (again.pk, "Bénévole actif")
    for name in ("", "---", "a" * 41):
        with pytest.raises(BadTag):
            find_or_make_tag(organisation=valmont, name=name, now=now)


def test_those_ticked_get_it_and_are_found_by_it_at_once(
    ids: list[int], seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    typed = {"personne": [*ids[:2], "x", "9" * 30], "tag": "presse", "faire": "mettre"}
    for _ in range(2):
        assert client.post(PUT, {**typed, "retour": "https://ailleurs.example/"}).status_code == 302
    tag = Tag.objects.get()
    assert {row.person_id for row in PersonTag.objects.filter(tag=tag)} == set(ids[:2])
    assert Activity.objects.filter(kind="tagged").count() == 2
    assert SearchEntry.objects.filter(tags__contains=[tag.pk]).count() == 2
    client.post(PUT, {"personne": ids[:1], "tag": "Presse", "faire": "retirer"})
    assert SearchEntry.objects.filter(tags__contains=[tag.pk]).count() == 1


def test_nobody_of_another_organisation_is_ever_tagged(
    ids: list[int], claire: User, droits_debout: Organisation, seat: SeatedAt, now: datetime
) -> None:
    seat(claire).post(PUT, {"personne": ids, "tag": "à nous", "faire": "mettre"})
    theirs = find_or_make_tag(organisation=droits_debout, name="à nous", now=now)
    assert tag_people(tag=theirs, person_ids=ids, by=claire, now=now) == []
    assert not PersonTag.objects.exists()


def test_without_anybody_ticked_it_says_what_to_do(
    ids: list[int], seat: SeatedAt, aicha: User
) -> None:
    page = seat(aicha).post(PUT, {"tag": "presse"}, follow=True)
    assert "Cochez des personnes" in page.text


def test_all_that_filters_name_are_counted_first_then_tagged_by_pages(
    ids: list[int], lilas: Petition, seat: SeatedAt, aicha: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taggings, "PAGE", 2)
    client = seat(aicha)
    other = make_petition(make_campaign(lilas.campaign.organisation), aicha, slug="autre")
    make_signature(other)
    address = f"{PUT_ON_ALL}?petition={lilas.pk}"
    assert "Étiqueter 3 personnes" in client.get(address).text.replace("\u202f", " ")
    assert client.post(address, {"tag": "", "faire": "mettre"}).status_code == 422
    assert client.post(address, {"tag": "lilas", "faire": "mettre"}).status_code == 302
    asked = Tagging.objects.get()
    assert (asked.total, asked.done) == (3, 0)
    assert "Lilas" in asked.sentence
    tag_all(tagging=asked.pk)
    tag_all(tagging=asked.pk)
    asked.refresh_from_db()
    assert asked.done == 3
    assert asked.finished_at is not None
    assert PersonTag.objects.count() == 3
    page = client.get(TAGS).text.replace("\u202f", " ")
    assert "3 sur 3" in page
    client.post(address, {"tag": "lilas", "faire": "retirer"})
    tag_all(tagging=Tagging.objects.latest("pk").pk)
    assert not PersonTag.objects.exists()


def test_what_is_going_on_can_be_stopped(
    ids: list[int], seat: SeatedAt, aicha: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = seat(aicha)
    client.post(PUT_ON_ALL, {"tag": "tous", "faire": "mettre"})
    asked = Tagging.objects.get()
    client.post(f"{TAGS}en-cours/{asked.pk}/arreter/")
    tag_all(tagging=asked.pk)
    assert not PersonTag.objects.exists()
    page = client.post(f"{TAGS}en-cours/{asked.pk}/arreter/", follow=True)
    assert "déjà fini" in page.text


def test_a_tag_is_renamed_and_deleted(ids: list[int], seat: SeatedAt, aicha: User) -> None:
    client = seat(aicha)
    for name in ("presse", "radio"):
        client.post(PUT, {"personne": ids, "tag": name, "faire": "mettre"})
    tag = Tag.objects.get(folded="presse")
    assert (
        "porte déjà" in client.post(f"{TAGS}{tag.pk}/renommer/", {"tag": "RADIO"}, follow=True).text
    )
    client.post(f"{TAGS}{tag.pk}/renommer/", {"tag": "journaux"})
    tag.refresh_from_db()
    assert tag.name == "journaux"
    client.post(f"{TAGS}{tag.pk}/supprimer/")
    assert not SearchEntry.objects.filter(tags__contains=[tag.pk]).exists()
    assert PersonTag.objects.count() == 3


def test_the_list_of_tags_takes_as_many_queries_for_one_as_for_three(
    ids: list[int], seat: SeatedAt, aicha: User
) -> None:
    client, counts = seat(aicha), []
    for names in (("a",), ("b", "c")):
        for name in names:
            client.post(PUT, {"personne": ids, "tag": name, "faire": "mettre"})
        client.get(TAGS)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(TAGS).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
