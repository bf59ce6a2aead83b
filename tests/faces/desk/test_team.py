"""The team at the desk: inviting, changing a role, leaving, entering by a link."""

import re

import pytest
from django.test import Client

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Invitation, Membership, Organisation, User
from tests.account_mails import queued_account_mails
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
TEAM = "/tableau-de-bord/equipe/"


@pytest.fixture
def desk(seat: SeatedAt, aicha: User) -> Client:
    return seat(aicha)


def link() -> str:
    found = re.search(r"http://testserver(/invitation/\S+)", queued_account_mails()[-1]["text"])
    assert found
    return found.group(1)


def test_a_newcomer_is_invited_and_sits_at_the_desk(
    desk: Client, client: Client, valmont: Organisation
) -> None:
    desk.post(TEAM, {"email": "zoe@ailleurs.example", "role": Role.MODERATOR})
    assert "zoe@ailleurs.example" in desk.get(TEAM).text
    page = client.get(link())
    assert page["Cache-Control"] == "no-store"
    assert "zoe@ailleurs.example" in page.text
    refused = client.post(link(), {"name": "Zoé Blanc", "password": "court"})
    assert refused.status_code == 422
    assert "Zoé Blanc" in refused.text
    client.post(link(), {"name": "Zoé Blanc", "password": "une piste rue des Lilas"})
    assert client.get("/tableau-de-bord/").status_code == 200
    assert Membership.objects.get(user__name="Zoé Blanc").role == Role.MODERATOR
    assert Client().get(link()).status_code == 410


def test_somebody_with_an_account_signs_in_then_enters(
    desk: Client, client: Client, claire: User, seat: SeatedAt
) -> None:
    desk.post(TEAM, {"email": claire.email, "role": Role.OBSERVER})
    assert f"/connexion/?next={link()}" in client.get(link()).text
    theirs = seat(claire)
    assert "Rejoindre l’équipe" in theirs.get(link()).text
    assert Membership.objects.filter(user=claire).count() == 1
    theirs.post(link())
    assert Membership.objects.filter(user=claire).count() == 2


def test_the_link_of_somebody_else_does_not_let_one_in(
    desk: Client, stranger: User, seat: SeatedAt
) -> None:
    desk.post(TEAM, {"email": "zoe@ailleurs.example", "role": Role.OWNER})
    theirs = seat(stranger)
    assert "pour une autre adresse" in theirs.get(link()).text
    assert "pour une autre adresse" in theirs.post(link()).text
    assert not Membership.objects.filter(user=stranger).exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "", "role": "owner"}, "obligatoire"),
        ({"email": "pas une adresse", "role": "owner"}, "ne semble pas complète"),
        ({"email": f"a@{60 * 'b'}.{190 * 'c.'}fr", "role": "owner"}, "254"),
        ({"email": "zoe@x.example", "role": "reine"}, "reine"),
        ({"email": "hugo@valmont.example", "role": "owner"}, "déjà de l’équipe"),
    ],
)
def test_a_wrong_invitation_says_why_and_keeps_what_was_typed(
    desk: Client, hugo: User, typed: dict[str, str], sentence: str
) -> None:
    response = desk.post(TEAM, typed)
    assert response.status_code == 422
    assert sentence in response.text
    assert typed["email"] in response.text
    assert not Invitation.objects.exists()


def test_the_last_owner_is_told_why_they_stay(desk: Client, aicha: User) -> None:
    mine = Membership.objects.get(user=aicha)
    page = desk.post(f"{TEAM}{mine.pk}/role/", {"role": Role.OBSERVER}, follow=True).text
    assert "Il faut au moins une personne responsable" in page
    assert Membership.objects.get(user=aicha).role == Role.OWNER


def test_a_role_changes_and_a_member_leaves(desk: Client, hugo: User) -> None:
    his = Membership.objects.get(user=hugo)
    desk.post(f"{TEAM}{his.pk}/role/", {"role": Role.MODERATOR})
    assert Membership.objects.get(user=hugo).role == Role.MODERATOR
    desk.post(f"{TEAM}{his.pk}/retirer/")
    assert not Membership.objects.filter(user=hugo).exists()
    assert User.objects.filter(pk=hugo.pk).exists()


def test_a_member_sees_the_team_and_changes_nothing(
    seat: SeatedAt, aicha: User, hugo: User
) -> None:
    client, hers = seat(hugo), Membership.objects.get(user=aicha)
    page = client.get(TEAM).text
    assert "Aïcha Benali" in page
    assert "Inviter quelqu’un" not in page
    for address in (TEAM, f"{TEAM}{hers.pk}/role/", f"{TEAM}{hers.pk}/retirer/"):
        response = client.post(address, {"email": "x@x.example", "role": Role.OBSERVER})
        assert response.status_code == 403
    assert Membership.objects.get(user=aicha).role == Role.OWNER


def test_a_withdrawn_invitation_opens_nothing(desk: Client, client: Client) -> None:
    desk.post(TEAM, {"email": "zoe@ailleurs.example", "role": Role.OWNER})
    desk.post(f"{TEAM}invitations/{Invitation.objects.get().pk}/retirer/")
    assert client.get(link()).status_code == 410
    assert "Aucune invitation n’attend" in desk.get(TEAM).text


def test_settings_are_kept_or_said_to_be_wrong(desk: Client, valmont: Organisation) -> None:
    address = "/tableau-de-bord/reglages/"
    typed = {
        "name": "Valmont à vélo",
        "legal_name": "Association Valmont à vélo",
        "postal_address": "4 rue Neuve, 00000 Valmont",
        "sender_email": "lettres@valmont.example",
        "reply_email": "",
    }
    wrong = desk.post(address, {**typed, "sender_email": "pas une adresse"})
    assert wrong.status_code == 422
    assert "4 rue Neuve" in wrong.text
    assert Organisation.objects.get().postal_address == valmont.postal_address
    desk.post(address, typed)
    assert Organisation.objects.get().sender_email == "lettres@valmont.example"


def test_a_name_is_changed(desk: Client, aicha: User) -> None:
    assert desk.post("/mon-compte/", {"name": " "}).status_code == 422
    desk.post("/mon-compte/", {"name": "Aïcha B."})
    assert User.objects.get(pk=aicha.pk).name == "Aïcha B."
