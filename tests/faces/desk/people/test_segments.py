"""Segments: written without JavaScript, said in French, counted, kept."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levier.faces.desk.people.segment_draft import changed, shown, typed_draft
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.people.actions.tags import find_or_make_tag, tag_people
from levier.foundation.people.errors import BadConditions
from levier.foundation.people.models.search import SearchEntry
from levier.foundation.people.models.segment import Segment
from levier.foundation.people.queries.conditions.shape import MOST_GROUPS, Conditions
from levier.foundation.people.queries.supporters import counted
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.queries.kinds import supporters_vocabulary
from tests.cast import NOW, make_signature, person_of
from tests.faces.desk.people.conftest import Index, SeatedAt

pytestmark = pytest.mark.django_db
NEW = "/tableau-de-bord/soutiens/segments/nouveau/"
ALL = "/tableau-de-bord/soutiens/segments/"
HEALTHY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
NAMES = r"\A(nom|mode|faire|g[0-2]-(mode|ajout|c[0-2]-(sorte|non|debut|du|jours|mots)))\Z"
TYPED = ["lieu", "mots", "connue", "active", "signe", "any", "35", "²", "9" * 30, "\x00"]
GESTURES = ["ajouter:0", "ajouter:9", "retirer:0", "retirer:0:7", "groupe", "retirer:²", "x"]
KEYS = ["mode", "groups", "conditions", "kind", "not", "values"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=12,
)


def one(kind: str, negated: bool = False, **values: object) -> dict[str, Any]:
    return {"kind": kind, "not": negated, "values": {k: str(v) for k, v in values.items()}}


def group(*conditions: dict[str, Any], mode: str = "all") -> dict[str, Any]:
    return {"mode": mode, "conditions": list(conditions)}


@pytest.fixture
def people(lilas: Petition, aicha: User, now: datetime, index: Index) -> Petition:
    for n, postcode in enumerate(("35000", "35700", "75011")):
        signature = make_signature(lilas, confirmed_at=now if n else None)
        person = person_of(signature)
        person.postcode = postcode
        person.save()
        if n == 2:
            tag = find_or_make_tag(organisation=person.organisation, name="presse", now=now)
            tag_people(tag=tag, person_ids=[person.pk], by=aicha, now=now)
    index()
    return lilas


@pytest.mark.parametrize(
    ("mode", "groups", "n", "said"),
    [
        ("all", [], 3, "Toutes les personnes."),
        (
            "all",
            [group(one("lieu", debut="35"))],
            2,
            "Les personnes qui ont un code postal qui commence par 35.",
        ),
        (
            "all",
            [group(one("lieu", debut="35"), one("confirme"))],
            1,
            (
                "Les personnes qui ont un code postal qui commence par 35 et ont confirmé une "
                "signature."
            ),
        ),
        (
            "all",
            [
                group(one("lieu", debut="75"), one("lieu", debut="357"), mode="any"),
                group(one("confirme", True)),
            ],
            0,
            (
                "Les personnes qui ont un code postal qui commence par 75 ou ont un code postal "
                "qui commence par 357, et qui n’ont confirmé aucune signature."
            ),
        ),
        (
            "any",
            [
                group(one("lieu", debut="35"), one("confirme")),
                group(one("etiquette", etiquette="{tag}")),
            ],
            2,
            (
                "Les personnes qui ont un code postal qui commence par 35 et ont confirmé une "
                "signature ; "
                "ou bien qui portent l’étiquette « presse »."
            ),
        ),
        (
            "all",
            [group(one("signe", True, petition="{petition}"))],
            0,
            "Les personnes qui n’ont pas signé « Une piste cyclable rue des Lilas ».",
        ),
        (
            "all",
            [
                group(
                    one("signe", petition="{petition}", du="2026-09-16"),
                    one("active", True, jours=1),
                )
            ],
            3,
            (
                "Les personnes qui ont signé « Une piste cyclable rue des Lilas » "
                "depuis le 16 septembre 2026 "
                "et n’ont rien fait dans le dernier jour."
            ),
        ),
    ],
)
def test_conditions_are_counted_and_said(
    mode: str, groups: list[Any], n: int, said: str, people: Petition
) -> None:
    tag = SearchEntry.objects.exclude(tags=[]).get().tags[0]
    for condition in (c for g in groups for c in g["conditions"]):
        condition["values"] = {
            k: v.format(tag=tag, petition=people.pk) for k, v in condition["values"].items()
        }
    later = NOW.replace(year=2027)
    vocabulary = supporters_vocabulary(organisation=people.campaign.organisation_id, now=later)
    conditions = vocabulary.read({"mode": mode, "groups": groups})
    assert counted(vocabulary.q(conditions)) == n
    plain = vocabulary.sentence(conditions).replace("\u00a0", " ").replace("\u202f", " ")
    assert plain == said
    assert vocabulary.read(conditions.as_json()) == conditions


def test_a_segment_is_written_step_by_step_and_kept(
    people: Petition, seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    typed = {"nom": "Rennes", "mode": "all", "g0-mode": "all", "g0-ajout": "lieu"}
    page = client.post(NEW, {**typed, "faire": "ajouter:0"})
    assert "Code postal ou département » : indiquez" in page.text.replace("\u00a0", " ")
    typed |= {"g0-c0-sorte": "lieu", "g0-c0-non": "oui", "g0-c0-debut": "35"}
    assert "2 personnes" in client.post(NEW, {**typed, "faire": "compter"}).text
    more = {**typed, "g0-ajout": "confirme", "faire": "ajouter:0"}
    assert len(client.post(NEW, more).context["groups"][0]["conditions"]) == 2
    response = client.post(NEW, {**typed, "faire": "enregistrer"})
    assert response.status_code == 302
    segment = Segment.objects.get()
    assert (segment.name, segment.by) == ("Rennes", aicha)
    assert "Rennes" in client.get(ALL).text
    again = client.post(NEW, {**typed, "faire": "enregistrer"})
    assert again.status_code == 422
    assert "porte déjà ce nom" in again.text
    assert 'value="35"' in again.text
    edit = f"{ALL}{segment.pk}/"
    assert 'value="35"' in client.get(edit).text
    client.post(edit, {**typed, "nom": "Ille-et-Vilaine", "faire": "enregistrer"})
    segment.refresh_from_db()
    assert segment.name == "Ille-et-Vilaine"
    client.post(f"{edit}supprimer/")
    assert not Segment.objects.exists()
    assert SearchEntry.objects.count() == 3


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"nom": ""}, "Donnez un nom"),
        ({"g0-c0-sorte": ""}, "Ajoutez au moins une condition"),
        ({"g0-c0-sorte": "active", "g0-c0-jours": "-3"}, "ne se comprend pas"),
        ({"g0-c0-sorte": "connue", "g0-c0-du": "2026-02-30"}, "ne se comprend pas"),
        ({"g0-c0-sorte": "connue"}, "indiquez"),
    ],
)
def test_what_is_missing_is_said(
    typed: dict[str, str], said: str, people: Petition, seat: SeatedAt, aicha: User
) -> None:
    sound = {"nom": "N", "g0-mode": "all", "g0-c0-sorte": "lieu", "g0-c0-debut": "35"}
    response = seat(aicha).post(NEW, {**sound, **typed, "faire": "enregistrer"})
    assert response.status_code == 422
    assert said in response.text
    assert not Segment.objects.exists()


def test_filters_become_a_segment(people: Petition, seat: SeatedAt, aicha: User) -> None:
    page = seat(aicha).get(f"{NEW}?lieu=35&confirme=non")
    found = [c["kind"].name for c in page.context["groups"][0]["conditions"]]
    assert found == ["lieu", "confirme"]
    assert page.context["count"] == 1


def test_groups_come_and_go(people: Petition, seat: SeatedAt, aicha: User) -> None:
    client = seat(aicha)
    typed = {"g0-mode": "all", "g0-c0-sorte": "confirme", "g0-c1-sorte": "commente"}
    assert len(client.post(NEW, {**typed, "faire": "groupe"}).context["groups"]) == 2
    left = client.post(NEW, {**typed, "faire": "retirer:0:0"}).context["groups"][0]["conditions"]
    assert [c["kind"].name for c in left] == ["commente"]
    assert client.post(NEW, {**typed, "faire": "retirer:0"}).context["groups"] == []


def test_the_list_of_segments_takes_as_many_queries_for_one_as_for_three(
    people: Petition, seat: SeatedAt, aicha: User
) -> None:
    client, counts = seat(aicha), []
    conditions = {"mode": "all", "groups": [group(one("signe", petition=people.pk))]}
    for names in (("a",), ("b", "c")):
        for name in names:
            Segment.objects.create(
                organisation=people.campaign.organisation, name=name, by=aicha, at=NOW,
                changed_at=NOW, conditions=conditions,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ALL).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_a_segment_nobody_can_read_any_more_says_so(
    people: Petition, seat: SeatedAt, aicha: User, now: datetime
) -> None:
    broken = {"mode": "all", "groups": [group(one("signe", petition=999_999))]}
    segment = Segment.objects.create(
        organisation=people.campaign.organisation, name="Vieux", by=aicha, at=now, changed_at=now,
        conditions=broken,
    )  # fmt: skip
    client = seat(aicha)
    assert "ne se comprend pas" in client.get(ALL).text
    assert client.get(f"/tableau-de-bord/soutiens/?segment={segment.pk}").status_code == 404
    assert client.get(f"{ALL}{segment.pk}/").status_code == 200


@settings(suppress_health_check=HEALTHY, max_examples=80, deadline=None)
@given(raw=JSON)
def test_no_json_breaks_the_reader(raw: Any, valmont: Organisation) -> None:
    vocabulary = supporters_vocabulary(organisation=valmont.pk, now=NOW)
    with suppress(BadConditions):
        conditions = vocabulary.read(raw)
        assert isinstance(conditions, Conditions)
        assert counted(vocabulary.q(conditions)) == 0
        assert vocabulary.sentence(conditions)


@settings(suppress_health_check=HEALTHY, max_examples=80, deadline=None)
@given(
    data=st.dictionaries(st.from_regex(NAMES), st.sampled_from(TYPED) | st.text(max_size=12)),
    gesture=st.sampled_from(GESTURES),
)
def test_nothing_posted_breaks_a_draft(
    data: dict[str, str], gesture: str, valmont: Organisation
) -> None:
    vocabulary = supporters_vocabulary(organisation=valmont.pk, now=NOW)
    draft = typed_draft(data, vocabulary.kinds)
    changed(draft, gesture, data, vocabulary.kinds)
    assert len(shown(draft, vocabulary)) <= MOST_GROUPS
    with suppress(BadConditions):
        assert counted(vocabulary.q(vocabulary.read(draft.as_json()))) == 0
