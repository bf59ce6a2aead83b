"""Leaving a mailing by its link, by hand or by the mail program."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from levier.foundation.accounts.models import Organisation
from levier.foundation.common.tokens import seal
from levier.foundation.common.typography import day
from levier.foundation.messaging.enums import Lane
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.rules.addresses import (
    UNSUBSCRIBE,
    unsubscribe_link,
    unsubscribe_token,
)
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.forgetting import erase
from levier.foundation.people.enums import ActivityKind, Channel, Purpose
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import Person
from levier.foundation.people.rules import is_suppressed
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from tests.cast import make_petition, make_signature, person_of
from tests.foundation.messaging.conftest import make_message

pytestmark = pytest.mark.django_db
ONE_CLICK = "application/x-www-form-urlencoded"
ORG_NEWS = {"channel": Channel.EMAIL, "purpose": Purpose.ORG_NEWS, "scope": ""}


@pytest.fixture
def other(lilas: Petition) -> Petition:
    return make_petition(lilas.campaign, lilas.author, "autre")


@pytest.fixture
def camille(lilas: Petition, other: Petition, now: datetime) -> Person:
    """Agreed by e-mail to the news of two petitions, and to other ways to act."""
    person = person_of(make_signature(lilas, "camille@exemple.fr", signed_at=now))
    make_signature(other, person=person)
    for what in (news_of(lilas.pk), news_of(other.pk), ORG_NEWS):
        give_consent(person=person, **what, wording="oui", source="moi", now=now)
    return person


@pytest.fixture
def message(valmont: Organisation, lilas: Petition) -> Message:
    return make_message(valmont, Lane.BULK, Purpose.PETITION_NEWS)


def link(person: Person, now: datetime, petition: Petition | None = None, **more: Any) -> str:
    """The link of a mail with the news of a petition, or with the organisation's."""
    scope = f"petition:{petition.pk}" if petition else ""
    purpose = Purpose.PETITION_NEWS if petition else Purpose.ORG_NEWS
    token = unsubscribe_token(person=person.pk, purpose=purpose, scope=scope, **more, now=now)
    return unsubscribe_link(token).removeprefix("http://testserver")


def old_link(person: Person, now: datetime) -> str:
    """One of before petitions were told apart."""
    token = seal(UNSUBSCRIBE, [person.pk, Purpose.PETITION_NEWS], now=now)
    return unsubscribe_link(token).removeprefix("http://testserver")


def given(person: Person) -> set[str]:
    """The purposes and scopes in force."""
    states = ConsentState.objects.filter(person=person, given=True)
    return {scope or purpose for purpose, scope in states.values_list("purpose", "scope")}


def left(person: Person) -> list[dict[str, Any]]:
    told = Activity.objects.filter(person=person, kind=ActivityKind.UNSUBSCRIBED).order_by("id")
    return [one.data or {} for one in told]


@pytest.mark.parametrize("method", ["get", "head"])
def test_J28_looking_changes_nothing(
    client: Client, camille: Person, lilas: Petition, now: datetime, method: str
) -> None:
    before = given(camille)
    response = getattr(client, method)(link(camille, now, lilas))
    assert response.status_code == 200
    assert given(camille) == before
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    assert client.get(f"{link(camille, now, lilas)}de-tout/").status_code == 405


def test_U34_the_page_says_why_what_ends_and_what_stays(
    client: Client, camille: Person, lilas: Petition, now: datetime
) -> None:
    page = client.get(link(camille, now, lilas)).content.decode()
    title = "Une piste cyclable rue des Lilas"
    assert f"Vous avez signé «\xa0{title}\xa0» le {day(now)}, et demandé" in page
    for words in ("Me désabonner", "Valmont à vélo", "Me désabonner de tout"):
        assert words in page


@pytest.mark.parametrize("body", ["List-Unsubscribe=One-Click", "", "autre=chose"])
def test_J28_U35_one_click_is_a_plain_post_and_ends_the_news_of_one_petition(
    camille: Person, lilas: Petition, other: Petition, now: datetime, body: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        response = client.post(
            link(camille, now, lilas),
            body,
            content_type=ONE_CLICK,
            headers={"Sec-Fetch-Site": "cross-site"},
        )
        assert response.status_code == 200
        assert not response.cookies
        assert "C’est fait." in response.content.decode()
    assert given(camille) == {f"petition:{other.pk}", "org_news"}
    withdrawn = Consent.objects.get(person=camille, given=False)
    assert (withdrawn.source, withdrawn.scope) == ("desabonnement", f"petition:{lilas.pk}")
    assert (
        withdrawn.wording == "Ne plus recevoir «\u00a0nouvelles de la pétition\u00a0» par courriel"
    )
    assert left(camille) == [
        {"channel": "email", "purpose": "petition_news", "scope": f"petition:{lilas.pk}"}
    ]


def test_J29_one_purpose_leaves_the_others(
    client: Client, camille: Person, lilas: Petition, other: Petition, now: datetime
) -> None:
    client.post(link(camille, now))
    assert given(camille) == {f"petition:{lilas.pk}", f"petition:{other.pk}"}


def test_U35_de_tout_is_a_second_choice_on_the_same_page(
    client: Client, camille: Person, lilas: Petition, now: datetime
) -> None:
    address = link(camille, now, lilas)
    done = client.post(address).content.decode()
    assert f'action="{address}de-tout/"' in done
    for _ in range(2):
        response = client.post(f"{address}de-tout/")
        assert (response.status_code, len(response.cookies)) == (200, 0)
        assert "ne vous écrira plus" in response.content.decode()
    assert given(camille) == set()
    assert is_suppressed(
        organisation=camille.organisation, channel=Channel.EMAIL, canonical="camille@exemple.fr"
    )
    assert left(camille)[1:] == [{"channel": "email", "everything": True}]


def test_U57_whoever_leaves_by_a_message_is_counted_for_it_once(
    client: Client,
    camille: Person,
    lilas: Petition,
    other: Petition,
    message: Message,
    now: datetime,
) -> None:
    address = link(camille, now, lilas, message=message.pk)
    client.get(address)
    for way in ("", "", "de-tout/", "de-tout/"):
        client.post(address + way)
    for petition in (lilas, other):
        news = news_of(petition.pk)
        give_consent(person=camille, **news, wording="oui", source="moi", now=timezone.now())
    client.post(address)
    client.post(link(camille, now, other))
    message.refresh_from_db()
    assert message.unsubscribed == 1
    assert [one.get("message") for one in left(camille)] == [message.pk] * 3 + [None]
    second = person_of(make_signature(lilas))
    client.post(f"{link(second, now, lilas, message=message.pk)}de-tout/")
    message.refresh_from_db()
    assert message.unsubscribed == 2


def test_J28_after_an_erasure_it_still_works(
    client: Client, camille: Person, lilas: Petition, message: Message, now: datetime
) -> None:
    address = link(camille, now, lilas, message=message.pk)
    erase(person=camille, now=timezone.now())
    for method, _ in itertools.product((client.get, client.post), range(2)):
        assert method(address).status_code == 200
    answer = client.post(f"{address}de-tout/")
    assert answer.status_code == 200
    assert "Camille" not in answer.content.decode()
    assert "/preferences/" not in answer.content.decode()
    assert not Consent.objects.filter(person=camille).exists()
    message.refresh_from_db()
    assert message.unsubscribed == 0


def test_links_never_expire(
    client: Client, camille: Person, lilas: Petition, now: datetime
) -> None:
    old = link(camille, now - timedelta(days=3_650), lilas)
    assert client.post(old).status_code == 200
    assert f"petition:{lilas.pk}" not in given(camille)


def test_a_link_of_before_ends_the_news_of_every_petition(
    client: Client, camille: Person, now: datetime
) -> None:
    for _ in range(2):
        assert client.post(old_link(camille, now)).status_code == 200
    assert given(camille) == {"org_news"}
    assert len(left(camille)) == 1


@pytest.mark.parametrize("days", [1, 31])
def test_a_page_that_never_expires_opens_nothing_that_does(
    client: Client, camille: Person, lilas: Petition, days: int
) -> None:
    written = timezone.now() - timedelta(days=days)
    page = client.get(link(camille, written, lilas)).content.decode()
    choices = page.partition('href="/preferences/')[2].partition('"')[0]
    assert client.get(f"/preferences/{choices}").status_code == (200 if days == 1 else 410)


@pytest.mark.parametrize("token", ["x", "A" * 60, "é", "A" * 5_000])
@pytest.mark.parametrize("way", ["", "de-tout/"])
def test_a_forged_link_is_refused_in_french(
    client: Client, camille: Person, token: str, way: str
) -> None:
    before = given(camille)
    response = client.post(f"/desabonnement/{token}/{way}")
    assert response.status_code == 404
    assert "Ce lien n’est plus valable" in response.content.decode()
    assert given(camille) == before
