"""The list of supporters: searched, filtered, sorted, page after page, with a count that is so."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levier.faces.desk.people.filters import ASKED, FIELDS, selection
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.tags import find_or_make_tag, tag_people
from levier.foundation.people.enums import ContactState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.search import SearchEntry
from levier.foundation.people.models.segment import Segment
from levier.foundation.people.queries.supporters import counted, supporters
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from tests.cast import NOW, make_campaign, make_petition, make_signature, person_of
from tests.faces.desk.people.conftest import Index, SeatedAt

pytestmark = pytest.mark.django_db
LIST = "/tableau-de-bord/soutiens/"
HEALTHY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
NAMES = ("André", "Inès", "Zoé")


def known(petition: Petition, first: str, last: str, postcode: str, **fields: Any) -> Person:
    email = f"{first.lower()}@exemple.fr".replace("é", "e").replace("è", "e")
    person = person_of(make_signature(petition, email, **fields))
    Person.objects.filter(pk=person.pk).update(first_name=first, last_name=last, postcode=postcode)
    person.refresh_from_db()
    return person


@pytest.fixture
def three(lilas: Petition, aicha: User, now: datetime, index: Index) -> dict[str, Any]:
    other = make_petition(make_campaign(lilas.campaign.organisation), aicha, slug="autre")
    andre = known(lilas, "André", "Martin", "35000", signed_at=now - timedelta(days=9))
    ines = known(other, "Inès", "Bâ", "75011", confirmed_at=now, source="embed")
    zoe = known(other, "Zoé", "O’Neil", "20090", signed_at=now - timedelta(days=30))
    Person.objects.filter(pk=zoe.pk).update(country="BE")
    news = news_of(other.pk)
    give_consent(person=ines, **news, wording="Oui", source="moi", now=now)
    ContactPoint.objects.filter(person=zoe).update(state=ContactState.HARD)
    Comment.objects.create(petition=lilas, person=andre, text="Parce que.", created_at=now)
    tag = find_or_make_tag(organisation=lilas.campaign.organisation, name="presse", now=now)
    tag_people(tag=tag, person_ids=[zoe.pk], by=aicha, now=now)
    make_signature(lilas, "amie@exemple.fr", referred_by_id=None)
    index()
    SearchEntry.objects.filter(name_key="roche camille").delete()
    return {"other": other, "tag": tag, "lilas": lilas}


def shown(text: str) -> set[str]:
    return {name for name in NAMES if f"{name} " in text}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", set(NAMES)),
        ("recherche=andré+mar", {"André"}),
        ("recherche=ONEIL", {"Zoé"}),
        ("recherche=ines@ex", {"Inès"}),
        ("recherche=75011", {"Inès"}),
        ("recherche=andré+inès", set()),
        ("petition={lilas}", {"André"}),
        ("petition={other}", {"Inès", "Zoé"}),
        ("petition={other}&du=2026-09-01", {"Inès"}),
        ("au=2026-09-01", {"Zoé"}),
        ("confirme=oui", {"Inès"}),
        ("confirme=non&petition={other}", {"Zoé"}),
        ("accord=email:petition_news", {"Inès"}),
        ("accord=phone:continue", set()),
        ("joignable=email", {"André", "Inès"}),
        ("lieu=35", {"André"}),
        ("lieu=2A", {"Zoé"}),
        ("pays=BE", {"Zoé"}),
        ("etiquette={tag}", {"Zoé"}),
        ("source=embed", {"Inès"}),
        ("source=import", set()),
        ("apporte=1", set()),
        ("commente=oui", {"André"}),
        ("commente=non", {"Inès", "Zoé"}),
        ("actif_du=2026-09-01", {"André", "Inès", "Zoé"}),
        ("actif_au=2020-01-01", set()),
        ("petition=999999&etiquette=x&du=hier&lieu=%00&apres=rien&tri=faux", set(NAMES)),
        ("recherche=%00", set(NAMES)),
        ("recherche=---", set(NAMES)),
    ],
)
def test_people_are_searched_and_filtered(
    query: str, found: set[str], three: dict[str, Any], seat: SeatedAt, aicha: User
) -> None:
    asked = query.format(**{name: one.pk for name, one in three.items()})
    response = seat(aicha).get(f"{LIST}?{asked}")
    assert response.status_code == 200
    assert shown(response.text) == found


@pytest.mark.parametrize(
    ("order", "first"), [("nom", "Inès"), ("activite", "Inès"), ("arrivee", "Zoé")]
)
def test_the_list_is_sorted(
    order: str, first: str, three: dict[str, Any], seat: SeatedAt, aicha: User, now: datetime
) -> None:
    Person.objects.filter(first_name="Zoé").update(created_at=now + timedelta(days=1))
    SearchEntry.objects.filter(person__first_name="Zoé").update(since=now + timedelta(days=1))
    SearchEntry.objects.filter(person__first_name="Inès").update(last_at=now + timedelta(days=2))
    rows = seat(aicha).get(f"{LIST}?tri={order}").context["rows"]
    assert rows[0].person.first_name == first


@pytest.mark.parametrize("order", ["nom", "activite", "arrivee"])
def test_a_long_list_is_read_page_by_page_without_a_hole(
    order: str, lilas: Petition, seat: SeatedAt, aicha: User, index: Index
) -> None:
    for _ in range(51):
        make_signature(lilas)
    index()
    client = seat(aicha)
    first = client.get(f"{LIST}?tri={order}")
    following = client.get(f"{LIST}?tri={order}&apres={first.context['next']}")
    seen = [row.person.pk for page in (first, following) for row in page.context["rows"]]
    assert len(seen) == len(set(seen)) == 51
    assert following.context["next"] == ""


def test_the_list_takes_as_many_queries_for_one_as_for_three(
    lilas: Petition, seat: SeatedAt, aicha: User, index: Index
) -> None:
    client, counts = seat(aicha), []
    tag = find_or_make_tag(organisation=lilas.campaign.organisation, name="presse", now=NOW)
    for more in (1, 2):
        for _ in range(more):
            person = person_of(make_signature(lilas))
            tag_people(tag=tag, person_ids=[person.pk], by=aicha, now=NOW)
        index()
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 13


def test_the_count_stops_at_ten_thousand_and_says_so(
    three: dict[str, Any], seat: SeatedAt, aicha: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = seat(aicha)
    assert "<strong>3\u202fpersonnes" in client.get(f"{LIST}compte/").text.replace(" ", "\u202f")
    monkeypatch.setattr("levier.faces.desk.people.supporters.AT_MOST", 2)
    bounded = client.get(f"{LIST}compte/").text
    assert "Plus de 2 personnes" in bounded
    assert "Compter exactement" in bounded
    assert "3 personnes" in client.get(f"{LIST}compte/?exact=oui").text


def test_people_of_other_organisations_are_never_there(
    three: dict[str, Any],
    seat: SeatedAt,
    claire: User,
    droits_debout: Organisation,
    index: Index,
) -> None:
    theirs = make_petition(make_campaign(droits_debout), claire, slug="liberez")
    known(theirs, "Nour", "Saïd", "1000")
    index()
    text = seat(claire).get(LIST).text
    assert "Nour " in text
    assert shown(text) == set()


def test_a_segment_that_is_gone_shows_nobody(
    three: dict[str, Any], seat: SeatedAt, aicha: User
) -> None:
    response = seat(aicha).get(f"{LIST}?segment=12")
    assert response.status_code == 404
    assert "Ce segment n’existe plus." in response.text


def test_an_empty_list_says_what_to_do_next(seat: SeatedAt, aicha: User) -> None:
    assert "Personne encore." in seat(aicha).get(LIST).text


def test_a_segment_and_filters_go_together(
    three: dict[str, Any], seat: SeatedAt, aicha: User, now: datetime
) -> None:
    condition = {"kind": "signe", "not": False, "values": {"petition": str(three["other"].pk)}}
    segment = Segment.objects.create(
        organisation=aicha_s(three), name="Autre", by=aicha, at=now, changed_at=now,
        conditions={"mode": "all", "groups": [{"mode": "all", "conditions": [condition]}]},
    )  # fmt: skip
    client = seat(aicha)
    assert shown(client.get(f"{LIST}?segment={segment.pk}").text) == {"Inès", "Zoé"}
    assert shown(client.get(f"{LIST}?segment={segment.pk}&lieu=75").text) == {"Inès"}


def aicha_s(three: dict[str, Any]) -> Organisation:
    found: Organisation = three["lilas"].campaign.organisation
    return found


@settings(suppress_health_check=HEALTHY, max_examples=60, deadline=None)
@given(
    typed=st.dictionaries(
        st.sampled_from([*FIELDS, *ASKED, "tri", "apres"]),
        st.one_of(st.text(max_size=30), st.sampled_from(["oui", "non", "35", "2026-02-30", "1"])),
    )
)
def test_nothing_typed_in_the_filters_breaks_the_list(
    typed: dict[str, str], valmont: Organisation
) -> None:
    data = QueryDict(urlencode(typed, errors="replace"))
    chosen = selection(valmont, data, now=NOW)
    assert counted(chosen.q) == 0
    assert list(supporters(chosen.q, chosen.form.order())) == []
    assert all(chosen.sentences)
