"""Settings that inherit: organisation, campaign, petition; each says where it comes from."""

import pytest
from django.test import Client

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.models import Campaign
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.choices import terms_of
from tests.cast import make_signature
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
SETTINGS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/reglages/"
ORGANISATION = "/tableau-de-bord/reglages/choix/"
HELD = {
    "count_policy": "at_once",
    "comment_policy": "before",
    "comment_words": "",
    "retention_months": "6",
    "offers_org_news": "yes",
    "offers_phone": "no",
    "offers_post": "no",
    "asks_postcode": "yes",
    "reviews_updates": "no",
}
NOTHING = dict.fromkeys(HELD, "")


@pytest.fixture
def desk(seat: SeatedAt, lilas: Petition) -> Client:
    return seat(lilas.author)


def fresh(petition: Petition) -> Petition:
    return Petition.objects.select_related("campaign__organisation").get(pk=petition.pk)


def test_each_choice_says_where_it_comes_from(desk: Client, lilas: Petition) -> None:
    page = desk.get(SETTINGS).text.replace("\u00a0", " ")
    assert "hérité de la campagne : dès la signature" in page
    assert "hérité de la campagne : relus avant d’être publiés" in page
    assert "Vide : hérité de la campagne (6 mois)." in page
    page = desk.get(f"/tableau-de-bord/campagnes/{lilas.campaign_id}/").text.replace("\u00a0", " ")
    assert "hérité de l’organisation : dès la signature" in page


def test_a_choice_of_one_s_own_then_the_inherited_one_again(desk: Client, lilas: Petition) -> None:
    own = {**NOTHING, "retention_months": "2", "offers_phone": "yes", "comment_words": "vendu"}
    assert desk.post(SETTINGS, own).status_code == 302
    terms = terms_of(fresh(lilas))
    assert (terms.retention_months, terms.offers_phone, terms.comment_words) == (2, True, "vendu")
    assert terms.comment_policy == "before"
    page = desk.get(SETTINGS).text
    assert 'value="2"' in page
    desk.post(SETTINGS, NOTHING)
    terms = terms_of(fresh(lilas))
    assert (terms.retention_months, terms.offers_phone, terms.comment_words) == (6, False, "")


def test_what_the_organisation_changes_goes_down_to_the_sign_form(
    desk: Client, lilas: Petition, client: Client
) -> None:
    changed = {**HELD, "retention_months": "3", "offers_phone": "yes", "asks_postcode": "no"}
    assert desk.post(ORGANISATION, changed).status_code == 302
    page = client.get("/petitions/piste-cyclable-rue-des-lilas/").text
    assert "effacées 3 mois après" in page
    assert 'name="consent_phone"' in page
    assert 'name="postal_code"' not in page


def test_a_campaign_s_own_choice_stops_what_comes_from_above(desk: Client, lilas: Petition) -> None:
    own = {**NOTHING, "name": "Vélo", "retention_months": "12"}
    desk.post(f"/tableau-de-bord/campagnes/{lilas.campaign_id}/", own)
    desk.post(ORGANISATION, {**HELD, "retention_months": "3", "offers_post": "yes"})
    terms = terms_of(fresh(lilas))
    assert (terms.retention_months, terms.offers_post) == (12, True)
    assert Campaign.objects.get().own == ["retention_months"]


def test_P16_after_the_first_signature_the_rule_is_said_not_asked(
    desk: Client, lilas: Petition
) -> None:
    assert 'name="count_policy"' in desk.get(SETTINGS).text
    make_signature(lilas)
    page = desk.get(SETTINGS).text
    assert 'name="count_policy"' not in page
    assert "ne change plus depuis la première signature" in page
    desk.post(SETTINGS, {**NOTHING, "count_policy": "confirmed", "offers_post": "yes"})
    terms = terms_of(fresh(lilas))
    assert (terms.count_policy, terms.offers_post) == ("at_once", True)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("retention_months", "0"),
        ("retention_months", "37"),
        ("retention_months", "x"),
        ("comment_policy", "never"),
        ("offers_phone", "maybe"),
        ("comment_words", "x" * 4_001),
    ],
)
def test_impossible_choices_change_nothing(
    field: str, typed: str, desk: Client, lilas: Petition
) -> None:
    response = desk.post(SETTINGS, {**NOTHING, "offers_post": "yes", field: typed})
    assert response.status_code == 422
    assert "Rien n’est perdu" in response.text
    assert terms_of(fresh(lilas)).offers_post is False


def test_only_who_is_responsible_changes_what_campaigns_follow(
    seat: SeatedAt, hugo: User, lilas: Petition
) -> None:
    assert seat(hugo).get(ORGANISATION).status_code == 403
    assert seat(hugo).post(ORGANISATION, HELD).status_code == 403
