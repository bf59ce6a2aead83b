"""All that one receives and might, on one page; and stopping everything."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from levier.foundation.campaigns.models import Campaign
from levier.foundation.messaging.rules.addresses import preferences_token
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.forgetting import erase
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import Person
from levier.foundation.people.models.suppression import Suppression
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.rules.links import my_token
from tests.cast import make_petition, make_signature, person_of

pytestmark = pytest.mark.django_db
CALLS = {"channel": Channel.PHONE, "purpose": Purpose.CONTINUE, "scope": ""}


@pytest.fixture
def other(lilas: Petition) -> Petition:
    return make_petition(lilas.campaign, lilas.author, "autre")


@pytest.fixture
def camille(lilas: Petition, other: Petition, now: datetime) -> Person:
    """Signed two petitions, wants the news of one and may be called."""
    person = person_of(make_signature(lilas, "camille@exemple.fr"))
    make_signature(other, person=person)
    for what in (news_of(lilas.pk), CALLS):
        give_consent(person=person, **what, wording="oui", source="signature:1", now=now)
    return person


def page_of(person: Person, age: timedelta = timedelta()) -> str:
    token = preferences_token(person=person.pk, now=timezone.now() - age)
    return f"/preferences/{token}/"


def name(what: Any) -> str:
    return f"{what['channel']}:{what['purpose']}:{what['scope']}"


def given(person: Person) -> set[str]:
    states = ConsentState.objects.filter(person=person, given=True)
    return {":".join(key) for key in states.values_list("channel", "purpose", "scope")}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_looking_shows_everything_and_changes_nothing(
    client: Client, camille: Person, lilas: Petition, other: Petition
) -> None:
    said = Consent.objects.count()
    answer = client.get(page_of(camille))
    page = text(answer)
    assert (answer.status_code, len(answer.cookies)) == (200, 0)
    assert answer["Cache-Control"] == "no-store"
    assert f'value="{name(news_of(lilas.pk))}" checked' in page
    assert f'value="{name(news_of(other.pk))}">' in page
    assert f'value="{name(CALLS)}" checked' in page
    for words in ("Par courriel", "Par téléphone", "Tout arrêter", "camille@exemple.fr"):
        assert words in page
    assert "Par courrier postal" not in page
    assert client.head(page_of(camille)).status_code == 200
    assert Consent.objects.count() == said


def test_J30_what_is_ticked_holds_at_once_and_the_page_says_so(
    client: Client, camille: Person, lilas: Petition, other: Petition
) -> None:
    address = page_of(camille)
    answer = client.post(address, {"recevoir": [name(news_of(other.pk)), name(CALLS)]})
    assert (answer.status_code, answer["Location"]) == (303, f"{address}?fait=choix")
    assert given(camille) == {name(news_of(other.pk)), name(CALLS)}
    page = text(client.get(answer["Location"]))
    assert "C’est enregistré." in page
    assert "dès le prochain envoi" in page
    assert f'value="{name(news_of(other.pk))}" checked' in page
    said = Consent.objects.get(person=camille, scope=f"petition:{other.pk}")
    assert said.source == "preferences"
    assert said.wording in page
    before = Consent.objects.count()
    client.post(address, {"recevoir": [name(news_of(other.pk)), name(CALLS)]})
    assert Consent.objects.count() == before  # nothing is said again


@pytest.mark.parametrize(
    "forged",
    ["email:petition_news:petition:999999", "phone:org_news:", "pigeon:continue:", "x" * 9_000],
)
def test_what_is_not_offered_cannot_be_chosen(
    client: Client, camille: Person, lilas: Petition, forged: str
) -> None:
    answer = client.post(page_of(camille), {"recevoir": [name(news_of(lilas.pk)), forged]})
    assert answer.status_code == 303
    assert given(camille) == {name(news_of(lilas.pk))}


def test_J6_J29_stopping_everything_is_separate_and_twice_is_once(
    client: Client, camille: Person
) -> None:
    address = page_of(camille)
    assert client.get(f"{address}tout-arreter/").status_code == 405
    for _ in range(2):
        answer = client.post(f"{address}tout-arreter/")
        assert answer.status_code == 200
        assert "Plus rien ne partira vers vous" in text(answer)
    assert given(camille) == set()
    assert Suppression.objects.filter(scope="", reason="unsubscribed").count() == 1
    assert Consent.objects.filter(person=camille, given=False).count() == 2
    page = text(client.get(address))
    assert "Vous avez tout arrêté le" in page
    assert " checked" not in page


def test_J3_coming_back_is_an_explicit_choice_and_brings_that_back_alone(
    client: Client, camille: Person, lilas: Petition, other: Petition
) -> None:
    address, now = page_of(camille), timezone.now()
    client.post(f"{address}tout-arreter/")
    # Somebody signs with the address, and ticks: the mailbox has said nothing.
    give_consent(person=camille, **news_of(other.pk), wording="oui", source="signature:9", now=now)
    assert f'value="{name(news_of(other.pk))}">' in text(client.get(address))
    assert Suppression.objects.exists()
    client.post(address, {"recevoir": [name(news_of(lilas.pk))]})
    assert given(camille) == {name(news_of(lilas.pk))}
    assert not Suppression.objects.exists()
    assert "Vous avez tout arrêté" not in text(client.get(address))


def test_an_old_link_still_stops_everything_and_shows_nothing(
    client: Client, camille: Person
) -> None:
    old = page_of(camille, timedelta(days=31))
    answer = client.get(old)
    assert answer.status_code == 410
    assert "Recevez un nouveau lien" in text(answer)
    assert "camille@exemple.fr" not in text(answer)
    assert client.post(old, {"recevoir": []}).status_code == 410
    assert given(camille) != set()
    assert client.post(f"{old}tout-arreter/").status_code == 200
    assert given(camille) == set()


@pytest.mark.parametrize("token", ["x", "A" * 60, "é", "A" * 5_000])
def test_a_forged_link_opens_nothing(client: Client, camille: Person, token: str) -> None:
    for way in ("", "tout-arreter/"):
        answer = client.post(f"/preferences/{token}/{way}")
        assert answer.status_code == 404
        assert "Ce lien n’est plus valable" in text(answer)
    assert given(camille) != set()


def test_a_link_of_another_kind_opens_nothing(client: Client, camille: Person) -> None:
    signature = my_token(camille.pk, now=timezone.now())
    assert client.get(f"/preferences/{signature}/").status_code == 404


def test_once_erased_there_is_nothing_to_see_and_stopping_still_answers(
    client: Client, camille: Person
) -> None:
    address = page_of(camille)
    erase(person=camille, now=timezone.now())
    assert client.get(address).status_code == 404
    assert client.post(address, {"recevoir": ["email:org_news:"]}).status_code == 404
    assert client.post(f"{address}tout-arreter/").status_code == 200
    assert not Consent.objects.exists()


def test_a_merged_card_s_link_opens_the_one_that_was_kept(
    client: Client, camille: Person, lilas: Petition
) -> None:
    former = person_of(make_signature(lilas))
    address = page_of(former)
    Person.objects.filter(pk=former.pk).update(merged_into=camille)
    assert "camille@exemple.fr" in text(client.get(address))
    client.post(address, {})
    assert given(camille) == set()


def test_whoever_asked_for_nothing_is_told_so(
    client: Client, lilas: Petition, now: datetime
) -> None:
    Campaign.objects.update(offers_org_news=False)
    signature = make_signature(lilas, state="withdrawn")
    page = text(client.get(page_of(person_of(signature))))
    assert "nous ne vous envoyons rien" in page
    assert "Enregistrer" not in page


def test_three_petitions_take_as_many_queries_as_one(
    client: Client, lilas: Petition, other: Petition
) -> None:
    counts = []
    for petitions in ([lilas], [lilas, other, make_petition(lilas.campaign, lilas.author, "3")]):
        person = person_of(make_signature(petitions[0]))
        for petition in petitions[1:]:
            make_signature(petition, person=person)
        for petition in petitions:
            news = news_of(petition.pk)
            give_consent(person=person, **news, wording="oui", source="moi", now=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(person))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
