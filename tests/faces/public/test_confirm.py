from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import Channel
from levier.foundation.people.rules import is_suppressed
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from levier.gathering.signing.rules.links import CONFIRMATION_AGE, confirmation_token, my_token
from tests.cast import make_signature, person_of

EMAIL = "paul@exemple.fr"
MAIN_BUTTON = "Je confirme ma signature"


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    """Counted, not confirmed, with another signature before it."""
    make_signature(lilas)
    return make_signature(lilas, EMAIL, first_name="Paul", last_name="Tremblay")


def link(signature: Signature, age: timedelta = timedelta(0)) -> str:
    return f"/confirmer/{confirmation_token(signature, now=timezone.now() - age)}/"


def text(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def confirmed(petition: Petition) -> tuple[int, int]:
    assert discrepancies() == []
    tally = Tally.objects.get(petition=petition)
    return tally.counted, tally.confirmed


def test_page_asks_with_one_main_button(client: Client, paul: Signature) -> None:
    page = text(client.get(link(paul)))
    assert page.count("button--primary") == 1
    assert MAIN_BUTTON in page
    assert "Ce n’était pas moi" in page
    assert "Paul Tremblay" in page


@pytest.mark.parametrize("verb", ["get", "head"])
def test_P26_opening_the_link_changes_nothing(
    client: Client, paul: Signature, lilas: Petition, verb: str
) -> None:
    for suffix in ("", "", ""):
        assert getattr(client, verb)(link(paul) + suffix).status_code == 200
    assert getattr(client, verb)(link(paul) + "pas-moi/").status_code == 405
    paul.refresh_from_db()
    assert (paul.confirmed_at, paul.state) == (None, SignatureState.COUNTED)
    assert confirmed(lilas) == (2, 0)


def test_button_confirms_and_says_so(client: Client, paul: Signature, lilas: Petition) -> None:
    address = link(paul)
    answer = client.post(address)
    assert (answer.status_code, answer["Location"]) == (303, address)
    assert confirmed(lilas) == (2, 1)
    page = text(client.get(address))
    assert "Votre signature est confirmée" in page
    assert "2<sup>e</sup> personne à signer" in page
    code = ReferralCode.objects.get(signature=paul).code
    assert f"/s/{code}" in page
    assert MAIN_BUTTON not in page
    assert 'href="/moi/' in page


def test_P43_P50_finished_petition_is_confirmed_and_not_shared(
    client: Client, paul: Signature, lilas: Petition
) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state=PetitionState.CLOSED)
    client.post(link(paul))
    page = text(client.get(link(paul)))
    assert "Votre signature est confirmée" in page
    assert "/s/" not in page
    assert confirmed(lilas) == (2, 1)


def test_P27_pressing_twice_is_pressing_once(
    client: Client, paul: Signature, lilas: Petition
) -> None:
    for _ in range(2):
        assert client.post(link(paul)).status_code == 303
    assert confirmed(lilas) == (2, 1)


def test_P13_P15_number_comes_with_the_button(client: Client, lilas: Petition) -> None:
    pending = make_signature(lilas, state=SignatureState.PENDING)
    assert "dès que vous confirmerez" in text(client.get(link(pending)))
    client.post(link(pending))
    assert "Vous êtes la première personne à signer" in text(client.get(link(pending)))


def test_what_the_team_holds_gets_no_number(client: Client, lilas: Petition) -> None:
    held = make_signature(lilas, state=SignatureState.HELD, reason=HoldReason.TEAM)
    client.post(link(held))
    page = text(client.get(link(held)))
    assert "vérifie encore cette signature" in page
    assert confirmed(lilas) == (0, 0)


def test_P28_not_me(client: Client, paul: Signature, lilas: Petition) -> None:
    Comment.objects.create(
        petition=lilas, person=person_of(paul), text="Pour la rue.", created_at=paul.signed_at
    )
    assert client.post(link(paul) + "pas-moi/").status_code == 303
    assert confirmed(lilas) == (1, 0)
    assert not Comment.objects.exists()
    assert is_suppressed(
        organisation=lilas.campaign.organisation,
        channel=Channel.EMAIL,
        canonical=EMAIL,
        scope=f"petition:{lilas.pk}",
    )
    page = text(client.get(link(paul)))
    assert "ce n’était pas vous" in page
    assert MAIN_BUTTON not in page
    assert client.post(link(paul)).status_code == 303
    assert confirmed(lilas) == (1, 0)


def test_what_was_withdrawn_says_so(client: Client, lilas: Petition) -> None:
    gone = make_signature(lilas, state=SignatureState.WITHDRAWN)
    assert "n’est plus comptée" in text(client.get(link(gone)))


def test_P34_expired_link_is_sent_again_to_its_own_mailbox(
    client: Client, paul: Signature, lilas: Petition
) -> None:
    old = link(paul, CONFIRMATION_AGE + timedelta(days=1))
    page = client.get(old)
    assert page.status_code == 410
    assert "Recevoir un nouveau lien" in text(page)
    assert client.post(old).status_code == 410
    assert confirmed(lilas) == (2, 0)
    answer = client.post(old + "renvoyer/")
    assert (answer.status_code, answer["Location"]) == (303, "/confirmer/envoye/")
    assert "vient de partir" in text(client.get(answer["Location"]))
    sent = Delivery.objects.select_related("contact_point").get()
    assert sent.contact_point.typed == EMAIL


def test_altered_link_opens_nothing(client: Client, paul: Signature, lilas: Petition) -> None:
    good = link(paul)
    forged = f"/confirmer/{my_token(paul.contact_point_id or 0, now=timezone.now())}/"
    for bad in (good[:-5] + "AAAA/", "/confirmer/x/", "/confirmer/é%00/", forged):
        for answer in (client.get(bad), client.post(bad), client.post(bad + "pas-moi/")):
            assert answer.status_code == 404
            assert "Ce lien n’est plus valable" in text(answer)
            assert answer["Cache-Control"] == "no-store"
    assert client.post("/confirmer/x/renvoyer/").status_code == 404
    assert confirmed(lilas) == (2, 0)


def test_page_is_kept_by_nobody_and_sets_no_cookie(client: Client, paul: Signature) -> None:
    for answer in (client.get(link(paul)), client.post(link(paul)), client.get(link(paul))):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert not answer.cookies
    assert "csrfmiddlewaretoken" not in text(client.get(link(paul)))


def test_no_csrf_token_is_needed(paul: Signature, lilas: Petition) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(link(paul)).status_code == 303
    assert confirmed(lilas) == (2, 1)


def test_few_queries(client: Client, paul: Signature) -> None:
    assert reads(client, link(paul)) == 2
    client.post(link(paul))
    assert reads(client, link(paul)) == 4


def reads(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return sum(query["sql"].startswith("SELECT") for query in asked.captured_queries)
