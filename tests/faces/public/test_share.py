import pytest
from django.test import Client

from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.signing.models.signature import ReferralCode
from tests.cast import make_signature


def test_P45_leads_to_the_petition_with_the_code_in_its_address(
    client: Client, lilas: Petition
) -> None:
    make_signature(lilas)
    signature = make_signature(lilas)
    ReferralCode.objects.create(code="Ab3d5678", signature=signature)  # several per signature
    for code in ReferralCode.objects.filter(signature=signature).values_list("code", flat=True):
        response = client.get(f"/s/{code}")
        address = f"/petitions/piste-cyclable-rue-des-lilas/?ref={code}"
        assert (response.status_code, response["Location"]) == (302, address)
        assert response.cookies == {}


@pytest.mark.parametrize("code", ["inconnu1", "x", "a" * 400, "%00", "é"])
def test_an_unknown_code_leads_home(client: Client, lilas: Petition, code: str) -> None:
    response = client.get(f"/s/{code}")
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_removed_petition_is_not_told(client: Client, lilas: Petition) -> None:
    make_signature(lilas)
    code = ReferralCode.objects.get().code
    Petition.objects.update(state=PetitionState.REMOVED)
    assert client.get(f"/s/{code}")["Location"] == "/"


def test_leads_to_the_current_address(client: Client, lilas: Petition) -> None:
    make_signature(lilas)
    code = ReferralCode.objects.get().code
    Slug.objects.update(current=False)
    Slug.objects.create(petition=lilas, slug="lilas")
    assert client.get(f"/s/{code}")["Location"] == f"/petitions/lilas/?ref={code}"


def test_the_code_to_print_is_a_safe_drawing(client: Client, lilas: Petition) -> None:
    response = client.get("/petitions/piste-cyclable-rue-des-lilas/qr.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"<svg" in response.content
    assert b"<script" not in response.content
