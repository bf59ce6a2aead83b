"""News as everybody reads them: list, page, feed, calendar, card; and asking for one's link."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event

from levier.foundation.messaging.models.delivery import Delivery
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.actions.change_event import Event as Happening
from levier.gathering.updates.actions.change_event import cancel_event, change_event
from levier.gathering.updates.enums import Answer, AskKind, ResponseState, UpdateState
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.tasks.responders import send_answer_link
from tests.cast import NOW, make_petition, make_signature
from tests.faces.public.page import html, parts, words
from tests.news import TITLE, make_news, make_response

ROOT = "/petitions/piste-cyclable-rue-des-lilas/"
LIST = f"{ROOT}mises-a-jour/"
NEWS = f"{LIST}1/"
ATOM = "{http://www.w3.org/2005/Atom}"
EMAIL = "paul@exemple.fr"

Queries = Callable[[int], AbstractContextManager[object]]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    return make_signature(lilas, EMAIL, first_name="Paul", last_name="Tremblay")


def body(response: HttpResponseBase) -> bytes:
    return response.content  # type: ignore[attr-defined, no-any-return]


def test_an_empty_list_says_what_to_do(client: Client, lilas: Petition) -> None:
    answer = client.get(LIST)
    assert "Pas encore de nouvelle. Signez pour recevoir la première." in words(answer)
    assert f"{ROOT}#signer" in parts(answer).links
    assert "Les nouvelles" not in words(client.get(ROOT)).partition("Où en est-on")[2]


def test_the_latest_comes_first_and_the_petition_shows_three(
    client: Client, lilas: Petition
) -> None:
    for n in range(4):
        make_news(lilas, title=f"Nouvelle {n}")
    assert re.findall(r"Nouvelle \d", words(client.get(LIST)))[:4] == [
        f"Nouvelle {n}" for n in (3, 2, 1, 0)
    ]
    shown = words(client.get(ROOT))
    assert [f"Nouvelle {n}" in shown for n in range(4)] == [False, True, True, True]
    assert LIST in parts(client.get(ROOT)).links


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "most"), [(LIST, 8), (NEWS, 13), (f"{LIST}flux.atom", 9)])
def test_query_budgets(
    client: Client,
    lilas: Petition,
    count: int,
    path: str,
    most: int,
    django_assert_max_num_queries: Queries,
) -> None:
    for _ in range(count):
        ask = make_news(lilas, AskKind.CELEBRATE)
        make_response(
            ask, make_signature(lilas), words="Bravo", state=ResponseState.KEPT, for_page=True
        )
    with django_assert_max_num_queries(most):
        client.get(path)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 200),
        ({"state": UpdateState.SENDING}, 200),
        ({"state": UpdateState.PAUSED}, 200),
        ({"state": UpdateState.CANCELLED}, 200),  # mails of it had left (U20)
        ({"state": UpdateState.CANCELLED, "first_sent_at": None}, 404),
        ({"state": UpdateState.SCHEDULED, "first_sent_at": None}, 404),
        ({"state": UpdateState.DRAFT, "first_sent_at": None}, 404),
        ({"state": UpdateState.IN_REVIEW, "first_sent_at": None}, 404),
    ],
)
def test_only_what_is_published_is_read(
    client: Client, lilas: Petition, fields: dict[str, Any], status: int
) -> None:
    make_news(lilas, AskKind.ATTEND, **fields)
    for path in ("", "agenda.ics", "carte.png"):
        assert client.get(NEWS + path).status_code == status
    shown = status == 200
    assert (TITLE in words(client.get(LIST))) is shown
    assert (TITLE in body(client.get(f"{LIST}flux.atom")).decode()) is shown
    assert (TITLE in words(client.get(ROOT))) is shown


@pytest.mark.parametrize("n", ["0", "2", "99999999999999999999"])
def test_news_that_are_not_there(client: Client, lilas: Petition, n: str) -> None:
    make_news(lilas)
    for path in ("", "agenda.ics", "carte.png", "lien/", "lien/envoye/", "pour/x/", "merci/x/"):
        assert client.get(f"{LIST}{n}/{path}").status_code == 404
    assert client.post(f"{LIST}{n}/repondre/", {"token": "x"}).status_code == 404


def test_a_draft_petition_has_no_news(client: Client, lilas: Petition) -> None:
    make_news(lilas)
    Petition.objects.filter(pk=lilas.pk).update(state=PetitionState.DRAFT)
    for path in (LIST, NEWS, f"{LIST}flux.atom"):
        assert client.get(path).status_code == 404


def test_old_addresses_lead_to_the_current_one(client: Client, lilas: Petition) -> None:
    make_news(lilas)
    Slug.objects.filter(petition=lilas).update(current=False)
    Slug.objects.create(petition=lilas, slug="rue-des-lilas")
    for path in ("", "1/", "flux.atom", "1/carte.png"):
        answer = client.get(LIST + path)
        assert (answer.status_code, answer["Location"]) == (
            301,
            f"/petitions/rue-des-lilas/mises-a-jour/{path}",
        )


@pytest.mark.parametrize("kind", AskKind.values)
def test_the_page_is_the_same_for_all_and_kept_for_some_seconds(
    client: Client, lilas: Petition, kind: str
) -> None:
    make_news(lilas, kind)
    answer = client.get(NEWS)
    assert "public, max-age=5" in answer["Cache-Control"]
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    fields = parts(answer).fields
    assert "email" in fields
    assert "token" not in fields
    assert all(file.startswith("/static/") for file in parts(answer).loaded)
    assert not parts(answer).styled


def test_U40_the_public_page_opens_a_letter_too(client: Client, lilas: Petition) -> None:
    make_news(lilas, AskKind.EMAIL)
    (letter,) = [one for one in parts(client.get(NEWS)).links if one.startswith("mailto:")]
    assert "Pourquoi%20cela%20me%20touche" in letter


def test_U44_the_page_tells_two_figures_apart(client: Client, lilas: Petition) -> None:
    make_news(lilas, AskKind.EMAIL, ask__started=3480, ask__done=2911)
    shown = words(client.get(NEWS))
    assert "2 911 personnes disent avoir écrit." in shown
    assert "6 391" not in shown


def test_U50_words_are_shown_once_kept_and_ticked_for_the_page(
    client: Client, lilas: Petition
) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    told: dict[str, dict[str, Any]] = {
        "gardé coché": {"state": ResponseState.KEPT, "for_page": True, "show_name": True},
        "gardé anonyme": {"state": ResponseState.KEPT, "for_page": True},
        "gardé pour la presse": {"state": ResponseState.KEPT, "for_press": True},
        "coché à lire": {"for_page": True},
        "coché écarté": {"state": ResponseState.SET_ASIDE, "for_page": True},
    }
    for said, fields in told.items():
        signed = make_signature(lilas, first_name="Inès", last_name="Roy")
        make_response(ask, signed, words=said, **fields)
    gone = make_signature(lilas, state=SignatureState.WITHDRAWN)
    make_response(ask, gone, words="plus signataire", state=ResponseState.KEPT, for_page=True)
    shown = words(client.get(NEWS))
    assert "gardé coché Inès R." in shown
    assert "gardé anonyme Une personne qui a signé" in shown
    for said in ("gardé pour la presse", "coché à lire", "coché écarté", "plus signataire"):
        assert said not in shown


def test_U49_advice_and_contacts_are_never_shown(client: Client, lilas: Petition) -> None:
    ask = make_news(lilas, AskKind.ADVISE)
    make_response(
        ask,
        make_signature(lilas),
        words="Voyez l’agence",
        contact="Inès Roy",
        state=ResponseState.KEPT,
        for_page=True,
    )
    for path in (NEWS, f"{LIST}flux.atom", ROOT):
        shown = html(client.get(path))
        assert "Voyez l’agence" not in shown
        assert "Inès Roy" not in shown


def test_U48_a_place_for_participants_is_nowhere_public(client: Client, lilas: Petition) -> None:
    hidden: dict[str, Any] = {"ask__place": "12 rue Cachée", "ask__place_is_public": False}
    make_news(lilas, AskKind.ATTEND, **hidden)
    for path in (NEWS, LIST, ROOT, f"{LIST}flux.atom", f"{NEWS}agenda.ics"):
        assert "Cachée" not in body(client.get(path)).decode()
    assert "Le lieu est donné aux personnes qui viennent." in words(client.get(NEWS))
    Ask.objects.update(place_is_public=True)
    for path in (NEWS, f"{NEWS}agenda.ics"):
        assert "12 rue Cachée" in body(client.get(path, {"_": 1})).decode()


def test_U47_the_hours_carry_their_zone(client: Client, lilas: Petition) -> None:
    starts = datetime(2026, 11, 12, 18, 30, tzinfo=ZoneInfo("America/Martinique"))
    ends = starts + timedelta(hours=2)
    when: dict[str, Any] = {
        "ask__starts_at": starts,
        "ask__ends_at": ends,
        "ask__zone": "America/Martinique",
    }
    make_news(lilas, AskKind.ATTEND, **when)
    assert "jeudi 12 novembre 2026, de 18 h 30 à 20 h 30 (heure de Martinique)" in words(
        client.get(NEWS)
    )
    event = event_in(body(client.get(f"{NEWS}agenda.ics")))
    assert event.decoded("dtstart") == starts
    assert event["dtstart"].params["TZID"] == "America/Martinique"
    assert event.decoded("dtend") == ends


def event_in(file: bytes) -> Event:
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def test_U47_one_identifier_a_sequence_that_grows_a_cancelled_event_says_so(
    client: Client, lilas: Petition
) -> None:
    ask = make_news(lilas, AskKind.ATTEND)
    path = f"{NEWS}agenda.ics"
    first = event_in(body(client.get(path)))
    assert ask.starts_at is not None
    moved = Happening(
        starts_at=ask.starts_at + timedelta(hours=1),
        ends_at=None,
        zone=ask.zone,
        place="Salle des fêtes",
        place_is_public=True,
        capacity=None,
    )
    change_event(ask_id=ask.pk, event=moved, by=lilas.author, now=NOW)
    second = event_in(body(client.get(path)))
    cancel_event(ask_id=ask.pk, by=lilas.author, now=NOW)
    cancel_event(ask_id=ask.pk, by=lilas.author, now=NOW)
    answer = client.get(path)
    third = event_in(body(answer))
    assert first["uid"] == second["uid"] == third["uid"]
    assert [one["sequence"] for one in (first, second, third)] == [0, 1, 2]
    assert second["location"] == "Salle des fêtes"
    assert [one["status"] for one in (first, second, third)] == [
        *["CONFIRMED"] * 2,
        "CANCELLED",
    ]
    assert b"METHOD:CANCEL" in body(answer)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "annulé" in words(client.get(NEWS, {"_": 1}))


def test_news_without_an_event_have_no_calendar(client: Client, lilas: Petition) -> None:
    make_news(lilas)
    assert client.get(f"{NEWS}agenda.ics").status_code == 404


def feed_of(client: Client) -> ET.Element:
    return ET.fromstring(body(client.get(f"{LIST}flux.atom")))


def test_U60_a_feed_without_entries_is_valid(client: Client, lilas: Petition) -> None:
    feed = feed_of(client)
    assert feed.findtext(f"{ATOM}title") == "Une piste cyclable rue des Lilas · Valmont à vélo"
    assert str(feed.findtext(f"{ATOM}id")).startswith("tag:testserver,2026-09-16:petition:")
    assert feed.findtext(f"{ATOM}updated")
    assert not feed.findall(f"{ATOM}entry")


def test_U60_stable_identifiers_absolute_links_full_text(client: Client, lilas: Petition) -> None:
    for _ in range(6):
        make_news(lilas)
    before = feed_of(client)
    ids = [entry.findtext(f"{ATOM}id") for entry in before.findall(f"{ATOM}entry")]
    assert len(set(ids)) == 6
    Update.objects.filter(n=2).update(
        title="Autre titre", body="<p>Autre <strong>texte</strong>.</p>", corrected_at=NOW
    )
    Slug.objects.filter(petition=lilas).update(slug="autre-adresse")
    answer = client.get("/petitions/autre-adresse/mises-a-jour/flux.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    after = ET.fromstring(body(answer))
    entries = after.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == ids
    corrected = entries[4]
    assert corrected.findtext(f"{ATOM}title") == "Autre titre"
    assert "<p>Autre <strong>texte</strong>.</p>" in str(corrected.findtext(f"{ATOM}content"))
    assert corrected.findtext(f"{ATOM}updated") == NOW.astimezone(UTC).isoformat()
    link = corrected.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "http://testserver/petitions/autre-adresse/mises-a-jour/2/"


def test_U60_etag_304_and_five_minutes(client: Client, lilas: Petition) -> None:
    make_news(lilas)
    path = f"{LIST}flux.atom"
    first = client.get(path)
    assert first["Cache-Control"] == "public, max-age=300"
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, body(again)) == (304, b"")
    Update.objects.update(corrected_at=NOW, title="Autre titre")
    corrected = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert corrected.status_code == 200
    assert corrected["ETag"] != first["ETag"]
    make_news(lilas)
    assert client.get(path, headers={"If-None-Match": corrected["ETag"]}).status_code == 200


def test_U61_page_feed_card_and_data_say_the_same_title(client: Client, lilas: Petition) -> None:
    make_news(lilas)
    before = html(client.get(NEWS))
    Update.objects.update(title="Titre corrigé", corrected_at=NOW)
    after = html(client.get(NEWS))
    assert "corrigé le 16\u00a0septembre 2026" in after
    assert '<meta property="og:title" content="Titre corrigé">' in after
    card = re.compile(r'og:image" content="http://testserver([^"]+)')
    assert card.findall(before) != card.findall(after)
    image = client.get(card.findall(after)[0])
    assert body(image)[1:4] == b"PNG"
    (found,) = re.findall(r"(?s)ld\+json\">(.*?)</script>", client.get(NEWS).content.decode())
    article = json.loads(found)["@graph"][0]
    assert article["headline"] == "Titre corrigé"
    assert article["dateModified"] == NOW.astimezone(UTC).isoformat()
    assert "Titre corrigé" in body(client.get(f"{LIST}flux.atom")).decode()


def test_structured_data_cannot_be_left(client: Client, lilas: Petition) -> None:
    make_news(lilas, title="</script><script>alert(1)</script> & co")
    shown = client.get(NEWS).content.decode()
    assert "<script>alert" not in shown
    (found,) = re.findall(r"(?s)ld\+json\">(.*?)</script>", shown)
    assert json.loads(found)["@graph"][0]["headline"].startswith("</script>")


def asked() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'asked' FROM procrastinate_jobs"
            " WHERE task_name = 'updates.send_answer_link' ORDER BY id"
        )
        return [row[0] for row in cursor.fetchall()]


def test_a_signatory_gets_their_link_by_mail(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    make_news(lilas)
    answer = client.post(f"{NEWS}lien/", {"email": " Paul@Exemple.fr "})
    assert (answer.status_code, answer["Location"]) == (303, f"{NEWS}lien/envoye/")
    for one in asked():
        send_answer_link(asked=one)
    sent = Delivery.objects.get()
    known = client.get(sent.context["answer_url"].removeprefix("http://testserver"))
    assert "Bonjour Paul." in words(known)


@pytest.mark.parametrize("typed", [EMAIL, "inconnue@exemple.fr"])
def test_asking_reveals_nothing(
    client: Client, lilas: Petition, paul: Signature, typed: str
) -> None:
    make_news(lilas)
    answer = client.post(f"{NEWS}lien/", {"email": typed})
    assert answer["Location"] == f"{NEWS}lien/envoye/"
    assert len(asked()) == 1
    assert "exemple" not in asked()[0]
    assert not Delivery.objects.exists()
    assert "Si cette adresse a signé" in words(client.get(answer["Location"]))


def test_only_signatories_of_this_petition_get_a_link(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    other = make_petition(lilas.campaign, lilas.author, "autre")
    make_news(other)
    client.post("/petitions/autre/mises-a-jour/1/lien/", {"email": EMAIL})
    for one in asked():
        send_answer_link(asked=one)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("typed", ["", "paul", "paul@", "a\x00b@exemple.fr", "é" * 900, "<b>@x"])
def test_a_wrong_address_is_told_beside_its_field(
    client: Client, lilas: Petition, typed: str
) -> None:
    make_news(lilas)
    answer = client.post(f"{NEWS}lien/", {"email": typed})
    assert answer.status_code == 422
    assert answer["Cache-Control"] == "no-store"
    assert "Cette adresse ne semble pas complète" in words(answer)
    assert 'aria-describedby="email-erreur' in html(answer)
    assert not asked()


def test_one_network_asks_for_so_many_links(
    client: Client, lilas: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("levier.faces.public.visits.LINKS_PER_WINDOW", 1)
    make_news(lilas)
    assert client.post(f"{NEWS}lien/", {"email": EMAIL}).status_code == 303
    refused = client.post(f"{NEWS}lien/", {"email": EMAIL})
    assert refused.status_code == 429
    assert f'value="{EMAIL}"' in html(refused)


def test_another_site_cannot_ask(client: Client, lilas: Petition) -> None:
    make_news(lilas)
    foreign = client.post(
        f"{NEWS}lien/", {"email": EMAIL}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403


def test_U53_petitions_born_of_this_one_are_counted_and_shown(
    client: Client, lilas: Petition
) -> None:
    make_news(lilas, AskKind.LAUNCH)
    born = make_petition(lilas.campaign, lilas.author, "nee", origin=lilas)
    make_signature(born)
    make_petition(lilas.campaign, lilas.author, "brouillon", PetitionState.DRAFT, origin=lilas)
    shown = client.get(NEWS)
    assert "1 pétition est née de celle-ci, et 1 personne l’a signée." in words(shown)
    assert "/lancer/?origine=piste-cyclable-rue-des-lilas" in parts(shown).links


def test_an_event_says_who_comes(client: Client, lilas: Petition) -> None:
    ask = make_news(lilas, AskKind.ATTEND, ask__capacity=2)
    for kind, waits in ((Answer.YES, None), (Answer.YES, None), (Answer.YES, NOW)):
        make_response(ask, make_signature(lilas), kind, waiting_since=waits)
    make_response(ask, make_signature(lilas), Answer.MAYBE)
    shown = words(client.get(NEWS))
    for said in ("2 personnes viennent.", "1 autre viendra peut-être.", "1 attend une place."):
        assert said in shown
    assert "C’est complet." in shown
