"""Leaving a mailing by its link, by hand or by the mail program."""

import itertools
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from levier.foundation.messaging.rules.addresses import unsubscribe_link, unsubscribe_token
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.forgetting import erase
from levier.foundation.people.enums import ActivityKind, Channel, Purpose
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.petition import Petition
from tests.cast import make_signature

pytestmark = pytest.mark.django_db
ONE_CLICK = "application/x-www-form-urlencoded"


@pytest.fixture
def camille(lilas: Petition, now: datetime) -> Person:
    """Agreed to two purposes by e-mail."""
    person = make_signature(lilas).person
    assert person is not None
    for purpose in (Purpose.PETITION_NEWS, Purpose.ORG_NEWS):
        give_consent(
            person=person,
            channel=Channel.EMAIL,
            purpose=purpose,
            wording="oui",
            source="moi",
            now=now,
        )
    return person


def link(person: Person, now: datetime, purpose: str = Purpose.PETITION_NEWS) -> str:
    token = unsubscribe_token(person=person.pk, purpose=purpose, now=now)
    return unsubscribe_link(token).removeprefix("http://testserver")


def given(person: Person) -> dict[str, bool]:
    return dict(ConsentState.objects.filter(person=person).values_list("purpose", "given"))


@pytest.mark.parametrize("method", ["get", "head"])
def test_J28_looking_changes_nothing(
    client: Client, camille: Person, now: datetime, method: str
) -> None:
    response = getattr(client, method)(link(camille, now))
    assert response.status_code == 200
    assert given(camille) == {"petition_news": True, "org_news": True}
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"


def test_the_page_says_what_ends_and_what_stays(
    client: Client, camille: Person, now: datetime
) -> None:
    page = client.get(link(camille, now)).content.decode()
    assert "Me désabonner" in page
    assert "nouvelles de la pétition" in page
    assert "Valmont à vélo" in page


@pytest.mark.parametrize("body", ["List-Unsubscribe=One-Click", "", "autre=chose"])
def test_J28_one_click_is_a_plain_post(camille: Person, now: datetime, body: str) -> None:
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        response = client.post(
            link(camille, now),
            body,
            content_type=ONE_CLICK,
            headers={"Sec-Fetch-Site": "cross-site"},
        )
        assert response.status_code == 200
        assert not response.cookies
        assert "C’est fait." in response.content.decode()
    assert given(camille) == {"petition_news": False, "org_news": True}
    withdrawn = Consent.objects.get(person=camille, given=False)
    assert withdrawn.source == "desabonnement"
    assert (
        withdrawn.wording == "Ne plus recevoir «\u00a0nouvelles de la pétition\u00a0» par courriel"
    )
    told = Activity.objects.get(person=camille, kind=ActivityKind.UNSUBSCRIBED)
    assert told.data == {"channel": "email", "purpose": "petition_news"}


def test_J29_one_purpose_leaves_the_others(client: Client, camille: Person, now: datetime) -> None:
    client.post(link(camille, now, Purpose.ORG_NEWS))
    assert given(camille) == {"petition_news": True, "org_news": False}


def test_J28_after_an_erasure_it_still_works(
    client: Client, camille: Person, now: datetime
) -> None:
    address = link(camille, now)
    erase(person=camille, now=timezone.now())
    for method, _ in itertools.product((client.get, client.post), range(2)):
        assert method(address).status_code == 200
    assert not Consent.objects.filter(person=camille).exists()


def test_links_never_expire(client: Client, camille: Person, now: datetime) -> None:
    old = link(camille, now - timedelta(days=3_650))
    assert client.post(old).status_code == 200
    assert given(camille)["petition_news"] is False


@pytest.mark.parametrize("token", ["x", "A" * 60, "é", "A" * 5_000])
def test_a_forged_link_is_refused_in_french(client: Client, camille: Person, token: str) -> None:
    response = client.post(f"/desabonnement/{token}/")
    assert response.status_code == 404
    assert "Ce lien n’est plus valable" in response.content.decode()
    assert given(camille) == {"petition_news": True, "org_news": True}
