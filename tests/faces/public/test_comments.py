import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from levier.foundation.campaigns.enums import CommentPolicy
from levier.foundation.campaigns.models import Campaign
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.enums import CommentState, PetitionState
from levier.gathering.petitions.models.comment import Comment, CommentReport
from levier.gathering.petitions.models.petition import Petition
from tests.cast import NOW, make_signature
from tests.faces.public.page import parts, words

PAGE = "/petitions/piste-cyclable-rue-des-lilas/commentaires/"
QUERIES = 6  # the transaction (3), address, how many, comments


def signatory(petition: Petition) -> Person:
    person = make_signature(petition).person
    assert person is not None
    return person


def write(petition: Petition, text: str, **fields: object) -> Comment:
    values = {"state": CommentState.PUBLISHED, "shown_name": "Paul T.", "created_at": NOW, **fields}
    person = signatory(petition)
    return Comment.objects.create(petition=petition, person=person, text=text, **values)


def test_shows_published_words_featured_first(client: Client, lilas: Petition) -> None:
    write(lilas, "Un mot publié ici")
    write(lilas, "Un mot mis en avant", featured_at=NOW)
    write(lilas, "Un mot à relire encore", state=CommentState.WAITING)
    write(lilas, "Un mot masqué par nous", state=CommentState.HIDDEN)
    said = words(client.get(PAGE))
    assert said.index("Un mot mis en avant") < said.index("Un mot publié ici")
    assert "encore" not in said
    assert "masqué" not in said


def test_P54_names_are_shown_only_as_given(client: Client, lilas: Petition) -> None:
    write(lilas, "Je signe en mon nom", shown_name="Paul T.")
    write(lilas, "Je signe sans mon nom", shown_name="")
    said = words(client.get(PAGE))
    assert "Je signe en mon nom Paul T. Signaler" in said
    assert "Je signe sans mon nom Une personne qui a signé Signaler" in said
    assert "Roche" not in said


def test_says_what_to_do_when_there_is_no_word(client: Client, lilas: Petition) -> None:
    response = client.get(PAGE)
    assert "Pas encore de mot. Signer et dire pourquoi" in words(response)
    assert "/petitions/piste-cyclable-rue-des-lilas/#signer" in parts(response).links
    Petition.objects.update(state=PetitionState.CLOSED)
    assert "Signer et dire pourquoi" not in words(client.get(PAGE))


def test_words_are_text(client: Client, lilas: Petition) -> None:
    write(lilas, "<img src=x onerror=alert(1)>")
    assert b"<img" not in client.get(PAGE).content


def test_turns_pages_and_costs_the_same(
    client: Client, lilas: Petition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    write(lilas, "Premier mot écrit")
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)
    for n in range(30):
        write(lilas, f"Un autre mot, le {n}")
    with django_assert_num_queries(QUERIES):
        assert "Page 1 sur 2" in words(client.get(PAGE))
    assert "Page 2 sur 2" in words(client.get(PAGE, {"page": 2}))


def test_P26_asks_before_it_reports(client: Client, lilas: Petition) -> None:
    comment = write(lilas, "Un mot qui fâche")
    address = f"{PAGE}{comment.pk}/signaler/"
    assert address in parts(client.get(PAGE)).links
    assert "Signaler ce commentaire ? Un mot qui fâche" in words(client.get(address))
    client.head(address)
    assert CommentReport.objects.count() == 0
    response = client.post(address)
    assert (response.status_code, response["Location"]) == (303, f"{PAGE}?signale=1")
    assert "Merci, votre signalement est transmis." in words(client.get(response["Location"]))
    assert CommentReport.objects.get().comment == comment


def test_a_report_comes_from_our_own_page(client: Client, lilas: Petition) -> None:
    address = f"{PAGE}{write(lilas, 'Un mot qui fâche').pk}/signaler/"
    assert client.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert CommentReport.objects.count() == 0


def test_P52_the_third_network_hides_it(client: Client, lilas: Petition) -> None:
    Campaign.objects.update(comment_policy=CommentPolicy.AFTER)
    comment = write(lilas, "Un mot qui fâche", featured_at=NOW)
    address = f"{PAGE}{comment.pk}/signaler/"
    networks = ["203.0.113.7", "203.0.113.7", "2001:db8::1", "2001:db8::2", "198.51.100.4"]
    seen = []
    for network in networks:
        client.post(address, REMOTE_ADDR=network)
        comment.refresh_from_db()
        seen.append(comment.state)
    published, hidden = CommentState.PUBLISHED, CommentState.HIDDEN
    assert seen == [published, published, published, published, hidden]
    assert "Un mot qui fâche" not in words(client.get(PAGE))
    assert client.post(address).status_code == 404


@pytest.mark.parametrize("state", [CommentState.WAITING, CommentState.HIDDEN])
def test_what_is_not_published_cannot_be_reported_nor_read(
    client: Client, lilas: Petition, state: str
) -> None:
    comment = write(lilas, "Un mot secret", state=state)
    address = f"{PAGE}{comment.pk}/signaler/"
    assert client.get(address).status_code == client.post(address).status_code == 404
    assert CommentReport.objects.count() == 0
