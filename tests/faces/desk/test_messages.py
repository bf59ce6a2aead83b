"""The desk of messages: broadcasts, deliverability, unknown, templates."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.foundation.messaging.actions.learn import count_outcomes
from levier.foundation.messaging.actions.stop_route import stop_route
from levier.foundation.messaging.channels.route import route_from
from levier.foundation.messaging.enums import DeliveryState, DomainOutcome, Lane, MessageState
from levier.foundation.messaging.mails.sources import template_keys
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.preflight import Preflight
from levier.foundation.messaging.models.route import RouteState
from levier.foundation.messaging.rules.preflight.gate import preflight_of
from levier.foundation.people.enums import Purpose
from levier.foundation.people.models.person import Person
from tests.cast import make_user
from tests.faces.desk.conftest import SeatedAt
from tests.faces.public.page import html, words
from tests.foundation.messaging.conftest import make_delivery, make_message

pytestmark = pytest.mark.django_db
DESK = "/tableau-de-bord/messages/"
REAL = "bonjour@valmontavelo.fr"


@pytest.fixture
def bulk(valmont: Organisation) -> Message:
    return make_message(valmont, Lane.BULK, Purpose.ORG_NEWS)


def unknown(message: Message, n: int, now: datetime) -> list[Delivery]:
    rows = [make_delivery(message, f"lecteur{k}@exemple.fr", f"test:{k}") for k in range(n)]
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=DeliveryState.UNKNOWN, finished_at=now, last_reply="connexion perdue"
    )
    return rows


def audits(act: bytes) -> int:
    return sum(act in bytes(entry.leaf) for entry in Entry.objects.filter(kind=EntryKind.AUDIT))


# Broadcasts and lanes.


def test_U30_broadcasts_show_how_far_each_is(
    bulk: Message, seat: SeatedAt, hugo: User, now: datetime
) -> None:
    rows = [make_delivery(bulk, f"l{k}@exemple.fr", f"t:{k}") for k in range(5)]
    for row, state in zip(rows, ("handed", "bounced", "complained", "unknown"), strict=False):
        Delivery.objects.filter(pk=row.pk).update(state=state)
    said = words(seat(hugo).get(DESK))
    assert "Votre page personnelle chez Valmont à vélo" in said
    assert "reste 1 sur 5" in said
    assert "et 1 plainte" in said
    assert "1 message en attente" in said
    Delivery.objects.filter(state="queued").update(state="handed")
    assert "terminé" in words(seat(hugo).get(DESK))


def test_an_answer_to_a_gesture_is_no_broadcast(
    valmont: Organisation, seat: SeatedAt, hugo: User
) -> None:
    make_delivery(make_message(valmont))
    said = words(seat(hugo).get(DESK))
    assert "Rien n’est encore parti en nombre" in said
    assert "1 message en attente" in said


def test_J21_a_stopped_lane_says_why_and_is_restarted(
    bulk: Message, seat: SeatedAt, hugo: User, now: datetime, settings: Settings
) -> None:
    route = route_from(settings.EMAIL_URL).name
    stop_route(route=route, lane=Lane.BULK, reply="550 5.7.1 refusé en bloc", now=now)
    client = seat(hugo)
    assert "550 5.7.1 refusé en bloc" in words(client.get(DESK))
    assert client.post(f"{DESK}files/bulk/relancer/").status_code == 302
    row = RouteState.objects.get()
    assert (row.stopped_at, row.restarted_by) == (None, hugo)
    client.post(f"{DESK}files/bulk/arreter/")
    row.refresh_from_db()
    assert row.stopped_at is not None
    assert "Hugo Marchand" in row.reply
    assert (audits(b"messaging.restart_lane"), audits(b"messaging.stop_lane")) == (1, 1)
    assert client.post(f"{DESK}files/autre/arreter/").status_code == 404


def test_J21_only_who_holds_the_site_steers_its_lanes(
    valmont: Organisation, seat: SeatedAt, claire: User
) -> None:
    said = html(seat(claire).get(DESK))
    assert "relancer/" not in said
    assert "arreter/" not in said
    assert "Valmont à vélo" in said
    assert seat(claire).post(f"{DESK}files/bulk/arreter/").status_code == 404
    assert not RouteState.objects.exists()


@pytest.mark.parametrize("role", [Role.TELEPHONE_AGENT, Role.OBSERVER, Role.MODERATOR])
def test_who_does_not_campaign_sees_nothing(
    valmont: Organisation, bulk: Message, seat: SeatedAt, role: str
) -> None:
    client = seat(make_user("martin@valmont.example", "Martin", valmont, role))
    for name in ("", "delivrabilite/", "inconnus/", "modeles/", "modeles/signing/thanks/"):
        response = client.get(DESK + name)
        assert response.status_code == 403
        assert "Votre page personnelle" not in words(response)
    assert "/tableau-de-bord/messages/" not in html(client.get("/tableau-de-bord/petitions/"))


def test_the_rail_leads_to_messages(lilas: object, seat: SeatedAt, hugo: User) -> None:
    assert f'href="{DESK}?organisation=valmont-a-velo"' in html(
        seat(hugo).get("/tableau-de-bord/petitions/")
    )


# Deliverability.


def test_J23_what_is_amiss_is_shown_with_its_mend(
    valmont: Organisation, seat: SeatedAt, hugo: User, aicha: User
) -> None:
    Organisation.objects.update(sender_email=REAL)
    page = words(seat(hugo).get(f"{DESK}delivrabilite/"))
    assert "1 point est à régler d’abord" in page
    assert "n’a pas encore été vérifié" in page
    now = timezone.now()
    Preflight.objects.create(
        organisation=valmont,
        asked_at=now,
        checked_at=now,
        domain="valmontavelo.fr",
        findings=[
            ["spf_ok", {"domain": "valmontavelo.fr", "record": "v=spf1 mx -all"}],
            ["dmarc_missing", {"domain": "valmontavelo.fr"}],
        ],
    )
    page = words(seat(hugo).get(f"{DESK}delivrabilite/"))
    assert "v=DMARC1; p=none" in page
    assert "Une personne responsable peut accepter" in page
    assert seat(hugo).post(f"{DESK}delivrabilite/accepter/").status_code == 403
    assert seat(aicha).post(f"{DESK}delivrabilite/accepter/").status_code == 302
    valmont.refresh_from_db()
    assert not [one for one in preflight_of(valmont, now=now) if one.blocks]
    page = words(seat(hugo).get(f"{DESK}delivrabilite/"))
    assert "peuvent partir en nombre" in page
    assert "par Aïcha Benali" in page
    assert audits(b"messaging.waive_preflight") == 1


def test_J23_a_check_is_asked_for_and_said_to_run(
    valmont: Organisation, seat: SeatedAt, hugo: User
) -> None:
    Organisation.objects.update(sender_email=REAL)
    client = seat(hugo)
    for _ in range(2):
        client.post(f"{DESK}delivrabilite/verifier/")
    assert ProcrastinateJob.objects.filter(task_name="messaging.preflight").count() == 1
    page = client.get(f"{DESK}delivrabilite/")
    assert "Vérification en cours" in words(page)
    assert "Vérifier maintenant" not in words(page)


def test_what_each_domain_answers_is_shown_word_for_word(
    valmont: Organisation, droits_debout: Organisation, seat: SeatedAt, hugo: User
) -> None:
    now = timezone.now()
    told = [
        *[(valmont.pk, "gmail.com", DomainOutcome.HANDED, "250 ok")] * 996,
        *[(valmont.pk, "gmail.com", DomainOutcome.COMPLAINED, "plainte")] * 4,
        (valmont.pk, "orange.fr", DomainOutcome.POLICY, "550 5.7.1 OFR_506"),
        (valmont.pk, "petit.fr", DomainOutcome.HANDED, "250"),
        (droits_debout.pk, "ailleurs.fr", DomainOutcome.HANDED, "250"),
    ]
    count_outcomes(told, now=now)
    count_outcomes(
        [(valmont.pk, "vieux.fr", DomainOutcome.HANDED, "")], now=now - timedelta(days=40)
    )
    page = words(seat(hugo).get(f"{DESK}delivrabilite/"))
    assert "996" in page
    assert re.search(r"gmail\.com\s+trop de plaintes", page)
    assert re.search(r"orange\.fr\s+refuse par principe", page)
    assert "550 5.7.1 OFR_506" in page
    assert "petit.fr" in page
    assert "ailleurs.fr" not in page
    assert "vieux.fr" not in page


# Unknown.


def test_J22_a_person_takes_unknown_mails_for_sent(
    bulk: Message, seat: SeatedAt, hugo: User, now: datetime
) -> None:
    unknown(bulk, 3, now)
    client = seat(hugo)
    page = words(client.get(f"{DESK}inconnus/"))
    assert "3 personnes" in page
    assert "connexion perdue" in page
    assert client.post(f"{DESK}inconnus/{bulk.pk}/envoyes/").status_code == 302
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.HANDED}
    assert "Aucun message n’est dans ce cas" in words(client.get(f"{DESK}inconnus/"))
    assert audits(b"messaging.resolve_unknown") == 1
    client.post(f"{DESK}inconnus/{bulk.pk}/envoyes/")
    assert audits(b"messaging.resolve_unknown") == 1


def test_J22_a_person_sends_them_again_in_time(
    bulk: Message, seat: SeatedAt, hugo: User, now: datetime
) -> None:
    rows = unknown(bulk, 2, now)
    Delivery.objects.update(expires_at=now - timedelta(days=1))
    assert seat(hugo).post(f"{DESK}inconnus/{bulk.pk}/renvoyer/").status_code == 302
    again = Delivery.objects.get(pk=rows[0].pk)
    assert (again.state, again.claimed_by) == (DeliveryState.QUEUED, None)
    assert again.expires_at > timezone.now()


def test_U29_a_cancelled_message_is_never_sent_again(
    bulk: Message, seat: SeatedAt, hugo: User, now: datetime
) -> None:
    unknown(bulk, 1, now)
    Message.objects.update(state=MessageState.CANCELLED)
    client = seat(hugo)
    assert "renvoyer/" not in html(client.get(f"{DESK}inconnus/"))
    client.post(f"{DESK}inconnus/{bulk.pk}/renvoyer/")
    assert Delivery.objects.get().state == DeliveryState.UNKNOWN


def test_lists_of_messages_cost_the_same_for_one_and_three(
    valmont: Organisation, seat: SeatedAt, hugo: User, now: datetime
) -> None:
    client = seat(hugo)
    for address in (DESK, f"{DESK}inconnus/"):
        counts = []
        for numbers in ((1,), (2, 3)):
            for n in numbers:
                source = f"petition:{n}{len(address)}"
                made = make_message(valmont, Lane.BULK, Purpose.ORG_NEWS)
                Message.objects.filter(pk=made.pk).update(
                    source=source, context={**made.context, "n": source}
                )
                Message.objects.filter(pk=made.pk).update(context_sha256=source.encode().ljust(32))
                delivery = make_delivery(made, f"{source}@exemple.fr", source)
                Delivery.objects.filter(pk=delivery.pk).update(state="unknown", finished_at=now)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        if address == DESK:
            assert counts[0] == counts[1] <= 16
        else:  # one more statement for the readers of each message
            assert counts[1] == counts[0] + 2


# Templates.


def test_every_template_is_shown_to_every_sample_person(
    valmont: Organisation, seat: SeatedAt, hugo: User
) -> None:
    client = seat(hugo)
    listed = html(client.get(f"{DESK}modeles/"))
    assert "signing/thanks" in template_keys()
    for key in template_keys():
        assert f"{DESK}modeles/{key}/?" in listed
        for person in ("paul", "awa", "li", "marie"):
            page = client.get(f"{DESK}modeles/{key}/?personne={person}")
            frame = client.get(f"{DESK}modeles/{key}/html/?personne={person}")
            assert (page.status_code, frame.status_code) == (200, 200)
            assert "{{" not in frame.text + page.text
            assert "MissingVariable" not in frame.text


def test_J9_sample_people_are_greeted_as_they_would_be(
    valmont: Organisation, seat: SeatedAt, hugo: User
) -> None:
    client = seat(hugo)
    said = {
        who: html(client.get(f"{DESK}modeles/signing/my_link/?personne={who}"))
        for who in ("paul", "awa", "li", "nobody")
    }
    assert "Bonjour Paul," in said["paul"]
    assert "Bonjour Awa," in said["awa"]
    assert re.search(r"<pre[^>]*>Bonjour,\n", said["li"])
    assert "Bonjour Paul," in said["nobody"]


def test_a_preview_is_behind_a_wall(valmont: Organisation, seat: SeatedAt, hugo: User) -> None:
    frame = seat(hugo).get(f"{DESK}modeles/signing/thanks/html/")
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "sandbox" in frame["Content-Security-Policy"]
    assert "script-src" not in frame["Content-Security-Policy"]
    assert "default-src 'none'" in frame["Content-Security-Policy"]
    page = html(seat(hugo).get(f"{DESK}modeles/signing/thanks/"))
    assert page.count("<iframe") == 2
    assert page.count(" sandbox ") == 2


@pytest.mark.parametrize("key", ["signing/rien", "layout/style", "accounts/account"])
def test_a_template_that_is_not_there_is_not_found(
    valmont: Organisation, seat: SeatedAt, hugo: User, key: str
) -> None:
    assert seat(hugo).get(f"{DESK}modeles/{key}/").status_code == 404
    assert seat(hugo).get(f"{DESK}modeles/{key}/html/").status_code == 404


def test_a_stranger_decides_nothing_of_ours(
    bulk: Message, seat: SeatedAt, claire: User, now: datetime
) -> None:
    unknown(bulk, 1, now)
    for act in ("envoyes", "renvoyer"):
        assert seat(claire).post(f"{DESK}inconnus/{bulk.pk}/{act}/").status_code == 404
    assert Delivery.objects.get().state == DeliveryState.UNKNOWN
    assert Person.objects.get().first_name not in words(seat(claire).get(f"{DESK}inconnus/"))
