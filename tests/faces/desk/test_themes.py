"""The site's own list of themes, at the desk of whoever runs the site."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.models import Theme
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.gathering.petitions.models.petition import Petition
from tests.faces.desk.conftest import SeatedAt
from tests.faces.public.page import html, words

pytestmark = pytest.mark.django_db
PAGE = "/tableau-de-bord/reglages/themes/"
SETTINGS = "/tableau-de-bord/reglages/?organisation="


@pytest.fixture(autouse=True)
def three(lilas: Petition) -> None:
    """Three themes; the petition is under the second one."""
    Theme.objects.all().delete()
    for n, name in enumerate(("Eau", "Vélo", "École"), start=1):
        Theme.objects.create(slug=name.lower().replace("é", "e"), name=name, position=n)
    Petition.objects.update(theme=Theme.objects.get(name="Vélo"))


def names() -> list[str]:
    return list(Theme.objects.order_by("position", "name").values_list("name", flat=True))


def pk(name: str) -> int:
    return Theme.objects.get(name=name).pk


def audits(act: bytes) -> int:
    return sum(act in bytes(entry.leaf) for entry in Entry.objects.filter(kind=EntryKind.AUDIT))


def test_a_theme_is_added_at_the_end_of_the_list(seat: SeatedAt, aicha: User) -> None:
    client = seat(aicha)
    assert client.post(PAGE, {"name": "  Forêts,   rivières "}).status_code == 302
    assert names() == ["Eau", "Vélo", "École", "Forêts, rivières"]
    assert Theme.objects.get(name="Forêts, rivières").slug == "forets-rivieres"
    assert audits(b"petitions.add_theme") == 1
    assert "Forêts, rivières" in words(client.get(PAGE))


@pytest.mark.parametrize("name", ["", "  ", "—", "x" * 81, "VELO", "\x00"])
def test_a_theme_without_a_name_of_its_own_is_not_added(
    seat: SeatedAt, aicha: User, name: str
) -> None:
    response = seat(aicha).post(PAGE, {"name": name})
    assert response.status_code == 422
    assert "Rien n’est perdu" in words(response)
    assert names() == ["Eau", "Vélo", "École"]
    assert audits(b"theme") == 0


def test_a_theme_takes_another_name_and_keeps_its_address(seat: SeatedAt, aicha: User) -> None:
    client, number = seat(aicha), pk("Vélo")
    address = f"{PAGE}{number}/renommer/"
    assert client.post(address, {f"{number}-name": "Vélo, marche"}).status_code == 302
    assert names() == ["Eau", "Vélo, marche", "École"]
    assert Theme.objects.get(pk=number).slug == "velo"
    refused = client.post(address, {f"{number}-name": "ecole"})
    assert refused.status_code == 422
    assert "Un autre thème porte déjà ce nom." in words(refused)
    assert 'value="ecole"' in html(refused)  # nothing typed is lost
    assert names() == ["Eau", "Vélo, marche", "École"]


def test_a_theme_goes_up_and_down_and_stays_at_the_ends(seat: SeatedAt, aicha: User) -> None:
    client = seat(aicha)
    client.post(f"{PAGE}{pk('École')}/deplacer/", {"vers": "haut"})
    assert names() == ["Eau", "École", "Vélo"]
    client.post(f"{PAGE}{pk('Eau')}/deplacer/", {"vers": "bas"})
    assert names() == ["École", "Eau", "Vélo"]
    client.post(f"{PAGE}{pk('École')}/deplacer/", {"vers": "haut"})
    client.post(f"{PAGE}{pk('Vélo')}/deplacer/", {"vers": "bas"})
    assert names() == ["École", "Eau", "Vélo"]
    assert audits(b"petitions.move_theme") == 2


def test_petitions_of_a_removed_theme_stay(seat: SeatedAt, aicha: User, lilas: Petition) -> None:
    client = seat(aicha)
    assert "1 pétition restera en ligne, sans thème." in words(client.get(PAGE))
    response = client.post(f"{PAGE}{pk('Vélo')}/supprimer/", follow=True)
    assert "« Vélo » est supprimé. 1 pétition reste, sans thème." in words(response)
    lilas.refresh_from_db()
    assert lilas.theme_id is None
    assert names() == ["Eau", "École"]
    assert audits(b"petitions.remove_theme") == 1


def test_only_owners_of_the_organisation_that_runs_the_site_decide(
    seat: SeatedAt, aicha: User, hugo: User, claire: User
) -> None:
    for address in (PAGE, f"{PAGE}{pk('Eau')}/supprimer/"):
        assert seat(claire).post(address, {"name": "Mien"}).status_code == 404
        assert seat(hugo).post(address, {"name": "Mien"}).status_code == 403
    assert names() == ["Eau", "Vélo", "École"]
    assert PAGE in html(seat(aicha).get(f"{SETTINGS}valmont-a-velo"))
    assert PAGE not in html(seat(claire).get(f"{SETTINGS}droits-debout"))
    assert seat(aicha).post(f"{PAGE}0/supprimer/").status_code == 404


def test_the_list_costs_the_same_for_one_and_three(seat: SeatedAt, aicha: User) -> None:
    client, counts = seat(aicha), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        counts.append(len(queries))
        Theme.objects.exclude(name="Vélo").delete()
    assert counts[0] == counts[1] <= 12


def test_an_empty_list_says_what_it_means(seat: SeatedAt, aicha: User) -> None:
    Theme.objects.all().delete()
    assert "Aucun thème" in words(seat(aicha).get(PAGE))
