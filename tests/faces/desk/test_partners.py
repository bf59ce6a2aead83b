"""Partners at the desk: a link, a form and a list for each."""

import pytest
from asgiref.sync import async_to_sync
from pytest_django import DjangoAssertNumQueries

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from tests.faces.desk.conftest import SeatedAt
from tests.faces.desk.test_signatures import whole
from tests.faces.public.page import html, words
from tests.gathering.signing.test_partner_agreements import agree, make_partner

pytestmark = pytest.mark.django_db
PAGE = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/partenaires/"


def test_a_partner_gets_its_link_and_the_usual_sentence(
    lilas: Petition, seat: SeatedAt, hugo: User
) -> None:
    client = seat(hugo)
    posted = {"name": "L’Œuvre du Rail", "website": "rail.example", "sites": "rail.example"}
    assert client.post(PAGE, posted).status_code == 302
    partner = Partner.objects.get()
    assert (partner.slug, partner.website) == ("l-oeuvre-du-rail", "https://rail.example")
    assert partner.sentence == "J’accepte que L’Œuvre du Rail m’écrive au sujet de ses actions."
    assert partner.sites == ["https://rail.example"]
    client.post(PAGE, {**posted, "website": ""})
    assert Partner.objects.latest("pk").slug == "l-oeuvre-du-rail-2"
    told = html(client.get(PAGE))
    assert "/petitions/piste-cyclable-rue-des-lilas/?par=l-oeuvre-du-rail" in told


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"sentence": "Je veux tout recevoir."},
        {"sentence": "Rue " + "x" * 300},
        {"website": "javascript:alert(1)"},
        {"website": "ftp://rue.example"},
        {"sites": "pas un site"},
        {"organisation": "rien-ici"},
        {"organisation": "\x00"},
    ],
)
def test_what_is_wrong_is_told_and_kept(
    lilas: Petition, seat: SeatedAt, hugo: User, wrong: dict[str, str]
) -> None:
    typed = {"name": "Rue", "website": "https://rue.example", **wrong}
    response = seat(hugo).post(PAGE, typed)
    assert response.status_code == 422
    assert "Rien n’est perdu" in words(response)
    assert "rue.example" in html(response) or "website" in wrong
    assert not Partner.objects.exists()


def test_changing_ending_and_resuming(lilas: Petition, seat: SeatedAt, hugo: User) -> None:
    partner, client = make_partner(lilas), seat(hugo)
    assert "Rue pour tous" in html(client.get(f"{PAGE}{partner.pk}/"))
    new = {"name": "Rue", "sentence": "Rue peut m’écrire.", "sites": ""}
    assert client.post(f"{PAGE}{partner.pk}/", new).status_code == 302
    client.post(f"{PAGE}{partner.pk}/arreter/")
    partner.refresh_from_db()
    assert (partner.name, partner.slug, partner.ended_at is None) == ("Rue", "rue", False)
    client.post(f"{PAGE}{partner.pk}/reprendre/")
    partner.refresh_from_db()
    assert partner.ended_at is None


def test_P65_the_list_is_a_file_without_formulas(
    lilas: Petition, seat: SeatedAt, hugo: User
) -> None:
    partner = make_partner(lilas)
    agreement = agree(partner, first_name="=HYPERLINK()")
    response = seat(hugo).post(f"{PAGE}{partner.pk}/exporter/")
    text = async_to_sync(whole)(response).decode("utf-8-sig")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "accords-rue-" in response["Content-Disposition"]
    lines = text.strip().split("\r\n")
    assert lines[0] == "accord;prénom;nom;courriel;code postal;pays;le"
    assert lines[1].startswith("donné;'=HYPERLINK();")
    agreement.refresh_from_db()
    assert agreement.handed_at is not None


def test_a_partner_of_another_petition_is_not_found(
    lilas: Petition, seat: SeatedAt, hugo: User
) -> None:
    client = seat(hugo)
    for verb in ("", "exporter/", "arreter/", "reprendre/"):
        assert client.post(f"{PAGE}999999/{verb}").status_code == 404


def test_the_list_costs_the_same_for_one_and_three(
    lilas: Petition,
    seat: SeatedAt,
    hugo: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = seat(hugo)
    for numbers in ((1,), (2, 3)):
        for n in numbers:
            agree(make_partner(lilas, slug=f"rue-{n}"), source_code=f"par:rue-{n}")
        with django_assert_max_num_queries(14):
            told = words(client.get(PAGE))
    assert told.count("1 signature par son lien, 1 accord, dont 1 confirmé par courriel.") == 3


def test_an_observer_may_not(lilas: Petition, seat: SeatedAt, olga: User) -> None:
    assert seat(olga).get(PAGE).status_code == 403
