"""How the addressee is reached, written down at the desk."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.directory.actions import Reached, add_contact
from levier.foundation.directory.models import ContactDetail, Post
from levier.gathering.petitions.models.petition import Petition
from tests.cast import make_campaign, make_petition, make_user
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
CONTACTS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/coordonnees/"
TYPED = {
    "whose": "post",
    "type": "email",
    "value": "mobilites@valmont.example",
    "label": "Secrétariat",
    "note": "",
    "is_public": "on",
    "source": "https://valmont.example/elus",
}


@pytest.fixture
def desk(seat: SeatedAt, hugo: User, lilas: Petition) -> Client:
    return seat(hugo)


def test_U45_a_contact_is_written_with_its_source(desk: Client) -> None:
    assert "Rien de noté" in desk.get(CONTACTS).text
    assert desk.post(CONTACTS, TYPED).status_code == 302
    page = desk.get(CONTACTS).text
    assert "mobilites@valmont.example" in page
    assert "Publique et professionnelle" in page
    assert "consultée le" in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("value", "", "Écrivez l’adresse, le numéro ou le compte."),
        ("value", "pas une adresse", "Une adresse électronique entière"),
        ("source", "", "Dites où elle est publiée"),
        ("whose", "quelqu’un", 'role="alert"'),
        ("type", "pigeon", 'role="alert"'),
    ],
)
def test_U45_what_is_wrong_is_said_and_the_rest_stays(
    field: str, typed: str, said: str, desk: Client
) -> None:
    page = desk.post(CONTACTS, {**TYPED, field: typed})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="Secrétariat"' in page.text
    assert not ContactDetail.objects.exists()


def test_it_is_changed_then_deleted(desk: Client) -> None:
    desk.post(CONTACTS, TYPED)
    contact = ContactDetail.objects.get()
    one = f"{CONTACTS}{contact.pk}/"
    assert "Secrétariat" in desk.get(one).text
    changed = {**TYPED, "type": "x", "value": "https://x.com/diallo", "is_public": ""}
    assert desk.post(one, changed).status_code == 302
    contact.refresh_from_db()
    assert (contact.value, contact.is_public) == ("@diallo", False)
    assert "Dans l’équipe seulement" in desk.get(CONTACTS).text
    assert desk.get(f"{one}effacer/").status_code == 405
    assert desk.post(f"{one}effacer/").status_code == 302
    assert not ContactDetail.objects.exists()


def test_twice_the_same_is_said_beside_its_field(desk: Client) -> None:
    desk.post(CONTACTS, TYPED)
    page = desk.post(CONTACTS, TYPED)
    assert page.status_code == 422
    assert "Ce moyen est déjà noté" in page.text


def test_the_contact_of_another_addressee_is_not_found(
    desk: Client, lilas: Petition, hugo: User, now: datetime
) -> None:
    make_petition(make_campaign(lilas.campaign.organisation), hugo, "autre")
    other = Post.objects.exclude(pk=lilas.addressee_post_id or 0).get()
    how = Reached(type="voice", value="02 99 00 00 00")
    contact = add_contact(whose=other, how=how, by=hugo, now=now)
    assert desk.get(f"{CONTACTS}{contact.pk}/").status_code == 404


def test_a_petition_without_addressee_says_what_to_do_first(desk: Client, lilas: Petition) -> None:
    Petition.objects.filter(pk=lilas.pk).update(
        state="draft", addressee_post=None, addressee_person=None
    )
    page = desk.get(CONTACTS).text
    assert "ne s’adresse encore à personne" in page
    assert desk.post(CONTACTS, TYPED).status_code == 422


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OWNER, 200),
        (Role.CAMPAIGNER, 200),
        (Role.MODERATOR, 403),
        (Role.OBSERVER, 403),
        (Role.TELEPHONE_AGENT, 404),
        (Role.AMBASSADOR, 404),
    ],
)
def test_each_role_has_its_place(
    role: Role, status: int, seat: SeatedAt, valmont: Organisation, lilas: Petition
) -> None:
    client = seat(make_user("quelquun@valmont.example", "Quelqu’un", valmont, role))
    assert client.get(CONTACTS).status_code == status
    assert client.post(CONTACTS, TYPED).status_code == (302 if status == 200 else status)


def test_the_list_costs_the_same_for_one_and_three(
    desk: Client, lilas: Petition, hugo: User, now: datetime
) -> None:
    counts = []
    post = lilas.addressee_post
    assert post is not None
    for numbers in ((1,), (2, 3)):
        for n in numbers:
            how = Reached(type="voice", value=f"02 99 00 00 0{n}")
            add_contact(whose=post, how=how, by=hugo, now=now)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(CONTACTS).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
