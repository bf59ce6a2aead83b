"""Taking supporters out, and the log of who did (P65)."""

import csv
import json
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.models import Entry
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.tags import find_or_make_tag, tag_people
from levier.foundation.people.enums import ContactState, Exported
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.export import Export
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.queries.export import columns
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from tests.cast import NOW, make_signature, person_of
from tests.faces.desk.people.conftest import Index, SeatedAt

pytestmark = pytest.mark.django_db
EXPORT = "/tableau-de-bord/soutiens/exporter/"
FILE = f"{EXPORT}fichier/"
LOG = "/tableau-de-bord/journal-des-exports/"


async def whole(response: Any) -> bytes:
    return b"".join([piece async for piece in response])


def taken(client: Any, query: str, *names: str) -> list[list[str]]:
    response = client.post(f"{FILE}?{query}", {"colonne": names})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = async_to_sync(whole)(response).decode()
    assert text.startswith("\ufeff")
    assert "\r\n" in text
    return list(csv.reader(StringIO(text[1:]), delimiter=";"))


@pytest.fixture
def two(lilas: Petition, aicha: User, index: Index, now: datetime) -> tuple[Person, Person]:
    first = person_of(make_signature(lilas, "=cmd@exemple.fr"))
    second = person_of(make_signature(lilas, "b@exemple.fr"))
    Person.objects.filter(pk=first.pk).update(first_name="=HYPERLINK(1)", last_name='Le "Grand"; A')
    Person.objects.filter(pk=second.pk).update(first_name="Zoé", last_name="", postcode="75011")
    ContactPoint.objects.filter(person=second).update(state=ContactState.HARD)
    ContactPoint.objects.create(
        organisation=first.organisation, person=first, channel="phone", typed="+33 6 12",
        canonical="+33612", created_at=now,
    )  # fmt: skip
    news = news_of(lilas.pk)
    give_consent(person=first, **news, wording="Oui", source="moi", now=now)
    for name in ("presse", "@bénévole"):
        tag = find_or_make_tag(organisation=first.organisation, name=name, now=now)
        tag_people(tag=tag, person_ids=[first.pk], by=aicha, now=now)
    index()
    return first, second


def test_P65_the_file_holds_the_columns_chosen_for_the_people_filtered(
    two: tuple[Person, Person], seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    names = ("prenom", "nom", "courriel", "telephone", "etiquettes", "accord:email:petition_news")
    header, *rows = taken(client, "tri=nom", *names)
    assert header == [
        "prénom", "nom", "courriel", "téléphone", "étiquettes",
        "accord, courriel, nouvelles d’une pétition au moins",
    ]  # fmt: skip
    assert rows == [
        ["'=HYPERLINK(1)", 'Le "Grand"; A', "'=cmd@exemple.fr", "'+33 6 12",
         "'@bénévole, presse", "oui"],
        ["Zoé", "", "", "", "", "non"],
    ]  # fmt: skip
    assert [row[0] for row in taken(client, "lieu=75", "prenom")[1:]] == ["Zoé"]


def test_every_column_can_be_taken(two: tuple[Person, Person], seat: SeatedAt, aicha: User) -> None:
    header, *rows = taken(seat(aicha), "", *(name for name, _ in columns()))
    assert len(header) == len(columns())
    assert len(rows) == 2


def test_P65_who_took_how_many_is_written_down_without_the_words_searched(
    two: tuple[Person, Person], seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    taken(client, "recherche=zoé&lieu=75", "prenom", "pays")
    row = Export.objects.get()
    assert (row.what, row.rows, row.by, row.columns) == ("supporters", 1, aicha, "prénom, pays")
    assert "75" in row.filters
    assert "une recherche" in row.filters
    assert "zo" not in row.filters.lower()
    fact = Activity.objects.get(kind="exported")
    assert (fact.person_id, fact.data) == (None, {"by": aicha.pk, "rows": 1})
    entry = json.loads(bytes(Entry.objects.latest("seq").leaf))
    assert (entry["act"], entry["rows"]) == ("people.export", 1)
    page = client.get(LOG).text
    assert "Aïcha Benali" in page
    assert "Soutiens" in page


def test_P65_the_page_says_how_many_and_why_not(
    two: tuple[Person, Person], seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    page = client.get(f"{EXPORT}?lieu=75").text
    assert "Emporter 1 personne" in page
    assert "la loi protège ces noms" in page
    response = client.post(FILE)
    assert response.status_code == 422
    assert "Choisissez au moins une colonne." in response.text
    assert not Export.objects.exists()


def test_P65_a_moderator_takes_nobody_and_reads_no_log(
    two: tuple[Person, Person], seat: SeatedAt, moderator: User
) -> None:
    client = seat(moderator)
    assert client.get(EXPORT).status_code == 403
    assert client.post(FILE, {"colonne": "prenom"}).status_code == 403
    assert client.get(LOG).status_code == 403
    assert "Emporter la liste" not in client.get("/tableau-de-bord/soutiens/").text
    assert not Export.objects.exists()


def test_P65_signatures_taken_are_in_the_log_too(
    lilas: Petition, seat: SeatedAt, aicha: User, index: Index
) -> None:
    make_signature(lilas)
    index()
    client = seat(aicha)
    address = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/signatures/exporter/"
    client.post(address, {"recherche": "roche", "etat": "counted"})
    row = Export.objects.get()
    assert (row.what, row.subject, row.rows) == ("signatures", f"petition:{lilas.pk}", 1)
    assert "roche" not in row.filters
    assert "comptée" in row.filters
    assert "Une piste cyclable rue des Lilas" in client.get(LOG).text


def test_the_log_takes_as_many_queries_for_one_line_as_for_three(
    lilas: Petition, valmont: Organisation, seat: SeatedAt, aicha: User
) -> None:
    client, counts = seat(aicha), []
    for more in (1, 2):
        for _ in range(more):
            Export.objects.create(
                organisation=valmont, what=Exported.SIGNATURES, subject=f"petition:{lilas.pk}",
                rows=3, by=aicha, at=NOW,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            client.get(LOG)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_an_empty_log_says_what_will_be_there(seat: SeatedAt, aicha: User) -> None:
    assert "Personne n’a rien emporté." in seat(aicha).get(LOG).text
