"""Where the signatures come from, for everyone, when the team shows it."""

import pytest
from django.test import Client

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.territory import show_territory
from levier.gathering.petitions.models.petition import Petition, Slug
from tests.cast import NOW, make_signature
from tests.journals import journalled

pytestmark = pytest.mark.django_db
HERE = "/petitions/piste-cyclable-rue-des-lilas/territoires/"


@pytest.fixture
def shown(lilas: Petition, aicha: User) -> Petition:
    show_territory(petition=lilas, by=aicha, now=NOW)
    return lilas


def sign(petition: Petition, postcode: str, how_many: int, country: str = "FR") -> None:
    for _ in range(how_many):
        make_signature(petition, postcode=postcode, country=country)


def test_nobody_reads_it_unless_the_team_shows_it(client: Client, lilas: Petition) -> None:
    assert client.get(HERE).status_code == 404
    assert client.get("/petitions/rien-ici/territoires/").status_code == 404


def test_areas_with_fewer_than_five_are_one_number(client: Client, shown: Petition) -> None:
    for postcode, how_many in (("35000", 5), ("75011", 4), ("48000", 1)):
        sign(shown, postcode, how_many)
    sign(shown, "10115", 4, "DE")
    sign(shown, "1000", 4, "BE")
    journalled(shown)
    page = client.get(HERE)
    found = page.context["territory"]
    assert [country.code for country in found.countries] == ["FR"]
    assert [(a.name, a.counted) for a in found.countries[0].areas] == [("Ille-et-Vilaine", 5)]
    assert (found.countries[0].few, found.few, found.counted) == (5, 8, 18)
    for name in ("Paris <", "Lozère <", "Allemagne", "Belgique"):
        assert name not in page.text
    assert page.text.count('<path data-shade="0"') == 100  # neither few nor none can be told


def test_it_is_the_same_for_all_for_a_few_seconds(client: Client, shown: Petition) -> None:
    page = client.get(HERE)
    assert page["Cache-Control"] == (
        "public, max-age=5, stale-while-revalidate=10, stale-if-error=25"
    )
    assert not page.cookies
    assert "Trop peu de signatures encore" in page.text


def test_an_old_address_leads_to_the_current_one(client: Client, shown: Petition) -> None:
    Slug.objects.update(current=False)
    Slug.objects.create(petition=shown, slug="lilas")
    response = client.get(HERE)
    assert (response.status_code, response["Location"]) == (301, "/petitions/lilas/territoires/")


def test_the_petition_s_page_says_nothing_of_it_unless_shown(
    client: Client, lilas: Petition
) -> None:
    assert HERE not in client.get("/petitions/piste-cyclable-rue-des-lilas/").text


def test_the_petition_s_page_leads_to_it(client: Client, shown: Petition) -> None:
    assert f'href="{HERE}"' in client.get("/petitions/piste-cyclable-rue-des-lilas/").text
