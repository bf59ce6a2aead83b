"""« Organisations partenaires » on one's own page."""

import pytest
from django.test import Client

from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.switch import Switch
from levier.gathering.signing.models.partner_agreement import PartnerAgreement
from levier.gathering.signing.rules.links import my_token
from tests.cast import NOW, make_signature
from tests.faces.public.page import words
from tests.gathering.signing.test_partner_agreements import SENTENCE, agree, make_partner

pytestmark = pytest.mark.django_db


def page_of(agreement: PartnerAgreement) -> str:
    return f"/moi/{my_token(agreement.signature.contact_point_id or 0, now=NOW)}/"


@pytest.fixture(autouse=True)
def at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def test_lists_what_was_agreed_in_its_own_words_and_ends_it(
    client: Client, lilas: Petition
) -> None:
    partner = make_partner(lilas)
    agreement, other = agree(partner), agree(partner)
    told = words(client.get(page_of(agreement)))
    assert "Organisations partenaires" in told
    assert told.count(SENTENCE) == 1
    stop = f"{page_of(agreement)}partenaires/{agreement.pk}/arreter/"
    assert client.get(stop).status_code == 405
    assert client.post(stop).status_code == 303
    agreement.refresh_from_db()
    other.refresh_from_db()
    assert (agreement.withdrawn_at, other.withdrawn_at) == (NOW, None)
    assert "Arrêté le" in words(client.get(page_of(agreement)))


def test_nobody_ends_another_s(client: Client, lilas: Petition) -> None:
    partner = make_partner(lilas)
    mine, theirs = agree(partner), agree(partner)
    assert client.post(f"{page_of(mine)}partenaires/{theirs.pk}/arreter/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None


def test_without_a_partner_nothing_is_said(client: Client, lilas: Petition) -> None:
    signature = make_signature(lilas)
    address = f"/moi/{my_token(signature.contact_point_id or 0, now=NOW)}/"
    assert "partenaires" not in words(client.get(address))


def test_stopping_all_stops_partners_too(client: Client, lilas: Petition) -> None:
    agreement = agree(make_partner(lilas))
    assert client.post(f"{page_of(agreement)}accords/arreter/").status_code == 303
    agreement.refresh_from_db()
    assert agreement.withdrawn_at == NOW


def test_P71_comments_stopped_are_stopped_here_too(client: Client, lilas: Petition) -> None:
    signature = make_signature(lilas)
    token = my_token(signature.contact_point_id or 0, now=NOW)
    address = f"/moi/{token}/signatures/{signature.pk}/commentaire/"
    Switch.objects.create(
        kind="comments", petition=lilas, sentence="Les mots reviennent demain.", thrown_at=NOW
    )
    assert "Les mots reviennent demain." in words(client.get(address))
    response = client.post(address, {"comment": "Parce que ma fille y passe."})
    assert response.status_code == 422
    assert "Les mots reviennent demain." in words(response)
    assert "Parce que ma fille y passe." in words(response)
    assert not Comment.objects.exists()
