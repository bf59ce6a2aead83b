"""The list of signatories and the file one may take (P65)."""

import csv
import json
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levier.faces.desk.signatures import in_turn
from levier.foundation.accounts.models import User
from levier.foundation.ledger.models import Entry
from levier.foundation.people.actions.indexing import index_people
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries import selection
from levier.gathering.signing.queries.marks import SIGNATURE_MARKS
from tests.cast import make_campaign, make_petition, make_signature, person_of
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
LIST = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/signatures/"
EXPORT = f"{LIST}exporter/"


def named(petition: Petition, name: str, **fields: Any) -> Signature:
    first, last = name.split(" ", 1)
    email = f"{first.lower()}{Signature.objects.count() or ''}@exemple.fr"
    return make_signature(petition, email, first_name=first, last_name=last, **fields)


def cursor(mark: str) -> str:
    return urlsafe_b64encode(mark.encode()).decode().rstrip("=")


def shown(page: str) -> set[str]:
    return {name for name in ("Paul", "Inès", "Zoé") if f"{name} " in page}


@pytest.fixture
def three(lilas: Petition, now: datetime) -> Petition:
    named(lilas, "Paul Tremblay", postcode="35000", signed_at=now - timedelta(days=9))
    named(lilas, "Inès Bâ", confirmed_at=now, signed_at=now - timedelta(days=1))
    named(lilas, "Zoé O’Neil", state=SignatureState.HELD, reason="rate", postcode="75011")
    indexed(lilas)
    return lilas


def indexed(petition: Petition) -> None:
    """As the worker does, a moment after the gestures."""
    people = Signature.objects.filter(petition=petition).values_list("person", flat=True)
    index_people(person_ids=[pk for pk in people if pk], sources=[SIGNATURE_MARKS])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Paul", "Inès", "Zoé"}),
        ("recherche=tremb", {"Paul"}),
        ("recherche=paul@", {"Paul"}),
        ("recherche=75011", {"Zoé"}),
        ("recherche=paul+inès", set()),
        ("recherche=INES", {"Inès"}),
        ("recherche=oneil", {"Zoé"}),
        ("recherche=zoe+75", {"Zoé"}),
        ("recherche=personne-de-ce-nom", set()),
        ("etat=held", {"Zoé"}),
        ("confirmee=oui", {"Inès"}),
        ("confirmee=non", {"Paul", "Zoé"}),
        ("du=2026-09-15", {"Inès", "Zoé"}),
        ("au=2026-09-15", {"Paul", "Inès"}),
        ("du=pas-une-date&etat=nimporte", {"Paul", "Inès", "Zoé"}),
        ("source=import", set()),
        ("apres=nimporte", {"Paul", "Inès", "Zoé"}),
        ("recherche=%00", {"Paul", "Inès", "Zoé"}),
        ("au=9999-12-31", {"Paul", "Inès", "Zoé"}),
        ("du=0001-01-01", {"Paul", "Inès", "Zoé"}),
        (f"apres={cursor('2026-01-01T00:00:00+23:59 5')}", set()),
        (f"apres={cursor('9999-12-31T23:59:59-23:59 5')}", {"Paul", "Inès", "Zoé"}),
        (f"apres={cursor('2026-01-01T00:00:00+00:00 -1' + 30 * '0')}", {"Paul", "Inès", "Zoé"}),
    ],
)
def test_signatures_are_searched_and_filtered(
    query: str, found: set[str], three: Petition, seat: SeatedAt, aicha: User
) -> None:
    response = seat(aicha).get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert shown(response.text) == found


def test_P21_a_signature_is_found_by_the_name_typed_with_it(
    lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    """The mailbox was known under another name; that of the person finds it as well."""
    shared = named(lilas, "Nour Haddad")
    Person.objects.filter(pk=person_of(shared).pk).update(first_name="Dominique")
    named(lilas, "Ali Ba")
    indexed(lilas)
    client = seat(aicha)
    for typed in ("nour", "HADD", "dominique"):
        found = client.get(LIST, {"recherche": typed}).context["signatures"]
        assert [signature.pk for signature in found] == [shared.pk]


def test_a_search_finds_the_same_few_or_many(
    lilas: Petition, seat: SeatedAt, aicha: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        named(lilas, "Nour Haddad")
    named(lilas, "Ali Ba")
    indexed(lilas)
    found = []
    for few in (2_000, 2):
        monkeypatch.setattr(selection, "FEW", few)
        page = seat(aicha).get(LIST, {"recherche": "nou had"})
        found.append([s.pk for s in page.context["signatures"]])
    assert found[0] == found[1]
    assert len(found[0]) == 4


def test_searching_takes_one_statement_more_and_reads_no_name(
    three: Petition, seat: SeatedAt, aicha: User
) -> None:
    client, counts = seat(aicha), []
    for query in ({}, {"recherche": "tremb"}):
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST, query)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1
    assert not any("LIKE" in query["sql"] for query in queries)


def test_a_long_list_is_read_page_by_page_without_a_hole(
    lilas: Petition, seat: SeatedAt, aicha: User, now: datetime
) -> None:
    for n in range(51):
        make_signature(lilas, f"n{n}@exemple.fr", signed_at=now - timedelta(minutes=n // 2))
    client = seat(aicha)
    first = client.get(LIST)
    following = client.get(f"{LIST}?apres={first.context['next']}")
    seen = [s.pk for response in (first, following) for s in response.context["signatures"]]
    assert len(seen) == len(set(seen)) == 51
    assert following.context["next"] == ""


def test_the_list_takes_as_many_queries_for_one_as_for_three(
    lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_signature(lilas)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


async def whole(response: Any) -> bytes:
    """The body as an asynchronous server sends it."""
    return b"".join([piece async for piece in response])


def exported(client: Any, **filters: str) -> list[list[str]]:
    response = client.post(EXPORT, filters)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = async_to_sync(whole)(response).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:]), delimiter=";"))


def test_P65_the_file_holds_what_the_list_shows_and_nothing_of_other_petitions(
    three: Petition, seat: SeatedAt, aicha: User
) -> None:
    other = make_petition(make_campaign(three.campaign.organisation), aicha, slug="autre")
    make_signature(other, "ailleurs@exemple.fr")
    header, *rows = exported(seat(aicha))
    assert header[:4] == ["numéro", "prénom", "nom", "courriel"]
    assert [row[1] for row in rows] == ["Zoé", "Inès", "Paul"]
    assert rows[2][:5] == ["1", "Paul", "Tremblay", "paul@exemple.fr", "35000"]
    assert [row[1] for row in exported(seat(aicha), etat="held")[1:]] == ["Zoé"]


def test_P65_who_took_how_many_names_is_written_down(
    three: Petition, seat: SeatedAt, aicha: User
) -> None:
    exported(seat(aicha), confirmee="non")
    fact = Activity.objects.get(kind="exported")
    assert (fact.person_id, fact.subject, fact.data) == (
        None,
        f"petition:{three.pk}",
        {"by": aicha.pk, "rows": 2},
    )
    entry = json.loads(bytes(Entry.objects.latest("seq").leaf))
    assert (entry["act"], entry["by"], entry["rows"]) == ("export", aicha.pk, 2)
    assert "paul" not in json.dumps(entry)


def test_a_name_that_is_a_formula_stays_a_name(
    lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    make_signature(lilas, first_name="=HYPERLINK(1)", last_name="@SUM(A1)")
    row = exported(seat(aicha))[1]
    assert row[1:3] == ["'=HYPERLINK(1)", "'@SUM(A1)"]


@pytest.mark.django_db(transaction=True)  # the view opens its own transactions
def test_P65_reading_the_address_of_the_file_gives_nothing(
    three: Petition, seat: SeatedAt, aicha: User
) -> None:
    assert seat(aicha).get(EXPORT).status_code == 405
    assert not Activity.objects.filter(kind="exported").exists()


def test_P65_the_page_says_why_these_names_are_not_handed_over(
    three: Petition, seat: SeatedAt, aicha: User
) -> None:
    assert "la loi protège ces noms" in seat(aicha).get(LIST).text


async def test_the_file_leaves_in_pieces_from_an_asynchronous_server() -> None:
    closed = []

    def pieces() -> Any:
        try:
            yield b"a"
            yield b"b"
        finally:
            closed.append(True)

    assert [piece async for piece in in_turn(pieces())] == [b"a", b"b"]
    leaving = in_turn(pieces())
    async for _ in leaving:
        break
    await leaving.aclose()
    assert closed == [True, True]
