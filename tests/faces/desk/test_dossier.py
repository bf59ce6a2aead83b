"""The dossier: both lists apart (P56), names by permission, every making written down (P65)."""

import json
from datetime import datetime

import pytest
from django.test import Client

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import User
from levier.foundation.ledger.models import Entry
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.export import Export
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.channels.dossier import organisations_told
from levier.gathering.signing.enums import OrganisationState
from levier.gathering.signing.models.organisation_signature import OrganisationSignature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.dossier import (
    List,
    Names,
    Row,
    rows_of,
    volume_at,
    volumes_of,
)
from tests.cast import make_signature, make_user
from tests.faces.desk.conftest import SeatedAt
from tests.gathering.signing.paper_sheets import line

pytestmark = pytest.mark.django_db
DOSSIER = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/dossier/"
ONLINE, PAPER = f"{DOSSIER}en-ligne/1/", f"{DOSSIER}papier/1/"


@pytest.fixture
def signed(lilas: Petition, hugo: User, now: datetime) -> Petition:
    """Two online (and one withdrawn, one held), two on paper (and one already online)."""
    make_signature(lilas, "paul@exemple.fr", first_name="Paul", last_name="Tremblay")
    gone = make_signature(lilas, "zoe@exemple.fr", first_name="Zoé", last_name="Partie")
    gone.state = "withdrawn"
    gone.save(update_fields=["state"])
    Tally.objects.filter(petition=lilas).update(counted=1)
    make_signature(lilas, "rue@exemple.fr", state="held", reason="rate", first_name="Attend")
    swiss = {"postcode": "1950", "country": "CH"}
    make_signature(lilas, "ines@exemple.fr", first_name="Inès", last_name="Bâ", **swiss)
    entered = [
        line(1, "jeanne@exemple.fr", first_name="Jeanne", last_name="Le Goff", postcode="97400"),
        line(2, "paul@exemple.fr", first_name="Pol", last_name="Tremblay"),
        line(3, first_name="Élise", last_name="Roy", postcode="", country="DE"),
    ]
    enter_sheet(petition=lilas, number=12, lines=entered, by=hugo, now=now)
    return lilas


def rows(petition: Petition, of: List, names: Names) -> list[Row]:
    volume = volume_at(petition, of, 1)
    assert volume is not None
    return rows_of(petition, volume, names)


def test_P56_both_lists_are_apart_and_only_what_counts_is_in_them(signed: Petition) -> None:
    assert [(r.number, r.name, r.area) for r in rows(signed, List.ONLINE, Names.INITIALS)] == [
        (1, "Paul T.", "35"),
        (3, "Inès B.", "VS"),
    ]
    assert [(r.number, r.name, r.area) for r in rows(signed, List.PAPER, Names.FULL)] == [
        (12, "Jeanne Le Goff", "974"),
        (12, "Élise Roy", "Allemagne"),
    ]
    assert {row.name for row in rows(signed, List.ONLINE, Names.NONE)} == {""}


def test_organisations_are_told_apart_once_they_are_published(
    signed: Petition, seat: SeatedAt, hugo: User, now: datetime
) -> None:
    assert organisations_told(signed) == []
    bare = seat(hugo).post(ONLINE, {"names": "aucun"}).content
    for name, state in [
        ("Vélo Lavoir", OrganisationState.PUBLISHED),
        ("Amicale #let x = 1", OrganisationState.PUBLISHED),
        ("Pas encore lue", OrganisationState.WAITING),
    ]:
        OrganisationSignature.objects.create(
            petition=signed, name=name, state=state, created_at=now, confirmed_at=now
        )
    told = organisations_told(signed)
    assert told == [
        "2 organisations le demandent aussi\u00a0:",
        "Amicale #let x = 1",
        "Vélo Lavoir",
    ]
    listed = seat(hugo).post(ONLINE, {"names": "aucun"}).content
    assert listed.startswith(b"%PDF-")
    assert listed != bare


def test_a_long_list_is_cut_in_volumes_without_counting(lilas: Petition) -> None:
    Tally.objects.filter(petition=lilas).update(last_number=12_001, counted=11_000, paper=5_000)
    found = volumes_of(lilas)
    assert [(v.first, v.last) for v in found[List.ONLINE]] == [
        (1, 5_000),
        (5_001, 10_000),
        (10_001, 12_001),
    ]
    assert [(v.first, v.last) for v in found[List.PAPER]] == [(1, 5_000)]
    assert volume_at(lilas, "en-ligne", 4) is None
    assert volume_at(lilas, "nimporte", 1) is None


@pytest.mark.parametrize(("address", "rows"), [(ONLINE, 2), (PAPER, 2)])
def test_P65_who_made_it_with_how_many_names_is_written_down(
    address: str, rows: int, signed: Petition, seat: SeatedAt, hugo: User
) -> None:
    response = seat(hugo).post(address, {"names": "complet"})
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "private, no-store"
    assert response.content.startswith(b"%PDF-")
    fact = Activity.objects.get(kind="exported")
    assert (fact.subject, fact.data) == (f"petition:{signed.pk}", {"by": hugo.pk, "rows": rows})
    kept = Export.objects.get()
    assert (kept.by, kept.rows, kept.columns) == (hugo, rows, "noms complets")
    entry = json.loads(bytes(Entry.objects.latest("seq").leaf))
    assert (entry["by"], entry["rows"]) == (hugo.pk, rows)
    assert "paul" not in json.dumps(entry).lower()


def test_P65_whole_names_are_for_who_may_take_them_out(
    signed: Petition, seat: SeatedAt, hugo: User
) -> None:
    organisation = signed.campaign.organisation
    ines = make_user("ines@valmont.example", "Inès", organisation, Role.MODERATOR)
    client = seat(ines)
    assert "Noms complets" not in client.get(DOSSIER).text
    assert client.post(ONLINE, {"names": "complet"}).status_code == 403
    assert not Export.objects.exists()
    assert client.post(ONLINE, {"names": "initiale"}).status_code == 200
    assert "Noms complets" in seat(hugo).get(DOSSIER).text


@pytest.mark.parametrize("chosen", ["", "nimporte", "\x00"])
def test_what_is_not_understood_tells_no_whole_name(
    chosen: str, signed: Petition, seat: SeatedAt, hugo: User
) -> None:
    assert seat(hugo).post(ONLINE, {"names": chosen}).status_code == 200
    assert Export.objects.get().columns == "prénom et initiale"


def test_there_is_no_volume_of_nothing(seat: SeatedAt, hugo: User, lilas: Petition) -> None:
    client: Client = seat(hugo)
    for address in (ONLINE, PAPER, f"{DOSSIER}autre/1/", f"{DOSSIER}papier/0/"):
        assert client.post(address).status_code == 404
    assert "Personne n’a encore signé" in client.get(DOSSIER).text
    assert client.get(ONLINE).status_code in {404, 405}
