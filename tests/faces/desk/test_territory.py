"""Where the signatures come from, at the desk."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.models import User
from levier.foundation.ledger.models import Entry
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.territory import PublicTerritory
from levier.gathering.signing.models.tally import Tally
from tests.cast import make_signature
from tests.faces.desk.conftest import SeatedAt
from tests.journals import journalled

pytestmark = pytest.mark.django_db
HERE = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/territoires/"


@pytest.fixture
def desk(seat: SeatedAt, aicha: User, lilas: Petition) -> Client:
    return seat(aicha)


def signed(petition: Petition, *places: tuple[str, str, int]) -> None:
    for country, postcode, how_many in places:
        for _ in range(how_many):
            make_signature(petition, country=country, postcode=postcode)
    journalled(petition)


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_every_area_is_told_with_its_count_and_share(desk: Client, lilas: Petition) -> None:
    signed(lilas, ("FR", "35000", 3), ("FR", "20090", 1), ("FR", "", 2), ("CA", "H2X 1Y4", 1))
    found = desk.get(HERE).context["territory"]
    france, canada = found.countries
    assert [(a.name, a.counted) for a in france.areas] == [
        ("Ille-et-Vilaine", 3),
        ("Corse-du-Sud", 1),
    ]
    assert (france.name, france.unplaced, france.counted) == ("France", 2, 6)
    assert france.areas[1].per_100_000 == pytest.approx(100_000 / 168_306)
    assert [(a.name, a.per_100_000) for a in canada.areas] == [("Québec", None)]


def test_the_map_and_the_table_say_the_same(desk: Client, lilas: Petition) -> None:
    signed(lilas, ("FR", "35000", 2))
    page = desk.get(HERE).text
    assert page.count('role="img"') == 1
    assert '<path data-shade="1"' in page
    assert "<title>Ille-et-Vilaine</title>" in page
    assert "Ille-et-Vilaine <span" in page


def test_countries_without_a_table_and_unknown_places(desk: Client, lilas: Petition) -> None:
    signed(lilas, ("DE", "10115", 2), ("", "", 1))
    found = desk.get(HERE).context["territory"]
    assert [(place.name, place.counted) for place in found.elsewhere] == [("Allemagne", 2)]
    assert (found.unknown, found.counted) == (1, 3)


def test_what_is_not_counted_in_yet_and_paper_are_told(desk: Client, lilas: Petition) -> None:
    signed(lilas, ("FR", "35000", 1))
    make_signature(lilas)
    Tally.objects.update(paper=12)
    page = desk.get(HERE).text
    assert "Le dernier mouvement n’est pas encore rangé." in page
    assert "Les 12 signatures sur papier n’y sont pas." in page


def test_nobody_yet(desk: Client, lilas: Petition) -> None:
    page = desk.get(HERE).text
    assert "la carte se dessine avec la première signature" in page
    assert "<svg viewBox=" not in page.partition("desk__head")[2].partition('id="public"')[0]


def test_the_file_holds_counts_and_no_name(desk: Client, lilas: Petition) -> None:
    signed(lilas, ("FR", "35000", 2), ("FR", "", 1), ("DE", "10115", 1), ("", "", 1))
    response = desk.get(f"{HERE}exporter/")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    header, *rows = cells(response.content.decode())
    assert header[:4] == ["pays", "code", "territoire", "signatures"]
    assert rows[0][:4] == ["France", "35", "Ille-et-Vilaine", "2"]
    assert rows[0][4].startswith("0,1")
    assert [row[2:4] for row in rows[1:]] == [
        ["France, sans précision", "1"],
        ["Allemagne", "1"],
        ["lieu inconnu", "1"],
    ]
    assert "Camille" not in response.content.decode()


def test_what_is_handed_over_groups_the_fewest(desk: Client, lilas: Petition) -> None:
    signed(lilas, ("FR", "35000", 5), ("FR", "75011", 4), ("DE", "10115", 1), ("FR", "", 1))
    _, *rows = cells(desk.get(f"{HERE}elus.csv").content.decode())
    assert [row[:4] for row in rows] == [
        ["France", "35", "Ille-et-Vilaine", "5"],
        ["France", "", "autres, moins de 5 chacun", "4"],
        ["France", "", "France, sans précision", "1"],
        ["", "", "autres pays, moins de 5 chacun", "1"],
    ]


def test_a_sheet_for_those_an_area_elects(desk: Client, lilas: Petition) -> None:
    signed(lilas, ("FR", "35000", 6), ("CA", "H2X 1Y4", 5), ("FR", "75011", 4))
    assert [area.code for area in desk.get(HERE).context["handed"]] == ["FR-35", "CA-QC"]
    for code in ("FR-35", "CA-QC"):
        response = desk.get(f"{HERE}fiche.pdf?lieu={code}")
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].endswith(f'{code}.pdf"')
        assert response.content.startswith(b"%PDF-")
        assert response.content.count(b"/Type /Page\n") <= 1


@pytest.mark.parametrize("asked", ["", "FR-75", "FR-99", "FR", "%00", "x" * 300])
def test_no_sheet_tells_of_a_handful(desk: Client, lilas: Petition, asked: str) -> None:
    signed(lilas, ("FR", "35000", 6), ("FR", "75011", 4), ("FR", "", 9))
    response = desk.get(f"{HERE}fiche.pdf?lieu={asked}", follow=True)
    assert response.redirect_chain == [(HERE, 302)]
    assert "il y faut au moins 5 signatures" in response.text


def test_showing_it_to_everyone_and_taking_it_back(desk: Client, lilas: Petition) -> None:
    for _ in range(2):
        assert desk.post(f"{HERE}montrer/").status_code == 302
    assert PublicTerritory.objects.get().petition == lilas
    assert Entry.objects.count() == 1
    assert "Voir la page publique" in desk.get(HERE).text
    for _ in range(2):
        desk.post(f"{HERE}cacher/")
    assert not PublicTerritory.objects.exists()
    assert Entry.objects.count() == 2


def test_an_observer_looks_and_cannot_show_it(seat: SeatedAt, olga: User, lilas: Petition) -> None:
    client = seat(olga)
    assert client.get(HERE).status_code == 200
    assert client.get(f"{HERE}exporter/").status_code == 200
    assert client.post(f"{HERE}montrer/").status_code == 403
    assert "Rendre la carte publique" not in client.get(HERE).text


def test_one_area_costs_as_much_as_three(desk: Client, lilas: Petition) -> None:
    counts = []
    for postcodes in (["35000"], ["75011", "2B123"]):
        for postcode in postcodes:
            make_signature(lilas, postcode=postcode)
        journalled(lilas)
        with CaptureQueriesContext(connection) as queries:
            desk.get(HERE)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
