"""One person's card, and what the team does on it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.models import User
from levier.foundation.ledger.models import Entry
from levier.foundation.messaging.actions.unsubscribe import (
    unsubscribe,
    unsubscribe_from_everything,
)
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.tags import find_or_make_tag, tag_people
from levier.foundation.people.enums import Purpose
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.export import Export
from levier.foundation.people.models.note import Note
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.actions.journal import journal
from levier.gathering.signing.actions.merging import merge_people
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from tests.cast import make_signature, person_of
from tests.faces.desk.people.conftest import Index, SeatedAt

pytestmark = pytest.mark.django_db


@pytest.fixture
def camille(lilas: Petition, aicha: User, now: datetime) -> Person:
    signature = make_signature(lilas, "camille@exemple.fr", confirmed_at=now)
    person = person_of(signature)
    make_signature(lilas, referred_by=signature)
    give_consent(
        person=person, **news_of(lilas.pk), wording="Je veux tout savoir", source="moi", now=now
    )
    Comment.objects.create(petition=lilas, person=person, text="Pour ma fille.", created_at=now)
    told(person, "signed", f"signature:{signature.pk}", now)
    tag = find_or_make_tag(organisation=person.organisation, name="presse", now=now)
    tag_people(tag=tag, person_ids=[person.pk], by=aicha, now=now)
    Note.objects.create(person=person, text="Tient un café.", by=aicha, at=now)
    return person


def told(person: Person, kind: str, subject: str, at: datetime) -> None:
    record_activity(
        organisation_id=person.organisation_id, person_id=person.pk, kind=kind, subject=subject,
        at=at,
    )  # fmt: skip


def card(person: Person, gesture: str = "") -> str:
    return f"/tableau-de-bord/soutiens/{person.pk}/{gesture}"


def test_everything_known_is_on_the_card(camille: Person, seat: SeatedAt, aicha: User) -> None:
    journal(signature_ids=Signature.objects.values_list("pk", flat=True))
    text = seat(aicha).get(card(camille)).text
    for words in (
        "Camille Roche", "camille@exemple.fr", "joignable", "Je veux tout savoir", "presse",
        "Tient un café.", "A signé « Une piste cyclable rue des Lilas »", "Numéro 1.",
        "1<sup>re</sup> signature", "Son lien a apporté 1 signature.", "Pour ma fille.",
        "Étiquette ajoutée", "par Aïcha Benali",
    ):  # fmt: skip
        assert words in text.replace("\u00a0", " ").replace("\u202f", " "), words


def test_U35_the_card_names_the_petition_whose_news_one_left(
    camille: Person, lilas: Petition, seat: SeatedAt, aicha: User, now: datetime
) -> None:
    scope = f"petition:{lilas.pk}"
    unsubscribe(person=camille.pk, purpose=Purpose.PETITION_NEWS, scope=scope, now=now)
    unsubscribe_from_everything(person=camille.pk, now=now)
    text = seat(aicha).get(card(camille)).text
    for words in (
        "Courriel, nouvelles de « Une piste cyclable rue des Lilas »",
        "Accord donné (courriel, nouvelles de « Une piste cyclable rue des Lilas »).",
        "Accord retiré (courriel, nouvelles de « Une piste cyclable rue des Lilas »).",
        "S’est désabonné·e des nouvelles de « Une piste cyclable rue des Lilas ».",
        "Ne veut plus rien recevoir.", "A tout arrêté le",
    ):  # fmt: skip
        assert words in text.replace("\u00a0", " ").replace("\u202f", " "), words


def test_the_timeline_goes_on_without_a_hole(
    camille: Person, seat: SeatedAt, aicha: User, now: datetime
) -> None:
    for n in range(40):
        told(camille, "link_asked", f"person:{camille.pk}", now - timedelta(hours=n // 2))
    client = seat(aicha)
    first = client.get(card(camille))
    following = client.get(f"{card(camille, 'avant/')}?avant={first.context['older']}")
    seen = len(first.context["timeline"]) + len(following.context["timeline"])
    assert seen == Activity.objects.filter(person=camille).count()
    assert following.context["older"] == ""
    assert client.get(f"{card(camille, 'avant/')}?avant=nimporte").status_code == 200


def test_the_card_takes_as_many_queries_for_one_gesture_as_for_three(
    camille: Person, lilas: Petition, seat: SeatedAt, aicha: User, now: datetime
) -> None:
    client, counts = seat(aicha), []
    for more in (1, 2):
        for n in range(more):
            told(camille, "confirmed", f"signature:{n}", now)
            Note.objects.create(person=camille, text="Rappelle.", by=aicha, at=now)
            news = news_of(lilas.pk)
            give_consent(person=camille, **news, wording="Oui", source="moi", now=now)
        with CaptureQueriesContext(connection) as queries:
            client.get(card(camille))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 27


def test_the_team_corrects_the_card_and_not_the_signature(
    camille: Person, seat: SeatedAt, aicha: User
) -> None:
    typed = {"first_name": "Camille", "last_name": "Rocher", "postcode": "75011", "country": "FR"}
    response = seat(aicha).post(card(camille, "corriger/"), typed)
    assert response.status_code == 302
    camille.refresh_from_db()
    assert (camille.last_name, camille.postcode) == ("Rocher", "75011")
    assert Signature.objects.get(person=camille).last_name == "Roche"
    entry = json.loads(bytes(Entry.objects.latest("seq").leaf))
    assert (entry["act"], entry["fields"]) == ("people.correct", ["last_name", "postcode"])
    assert "Rocher" not in json.dumps(entry)


@pytest.mark.parametrize(
    ("gesture", "typed", "said", "kept"),
    [
        ("corriger/", {"first_name": "www.pub.fr", "country": "FR"}, "Indiquez un prénom", "www."),
        ("corriger/", {"postcode": "350", "country": "FR"}, "ne va pas avec ce pays", "350"),
        ("telephone/", {"phone": "12"}, "Ce numéro ne semble pas complet", "12"),
        ("notes/", {"text": ""}, "Ce champ est obligatoire", ""),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    gesture: str, typed: dict[str, str], said: str, kept: str, camille: Person, seat: SeatedAt,
    aicha: User,
) -> None:  # fmt: skip
    response = seat(aicha).post(card(camille, gesture), typed)
    assert response.status_code == 422
    assert said in response.text
    assert kept in response.text
    assert Note.objects.count() == 1


def test_a_number_is_added_and_agrees_to_nothing(
    camille: Person, lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    for _ in range(2):
        client.post(card(camille, "telephone/"), {"phone": "06 12 34 56 78"})
    assert ContactPoint.objects.get(channel="phone").canonical == "0612345678"
    assert not ConsentState.objects.filter(channel="phone").exists()
    other = person_of(make_signature(lilas))
    response = client.post(card(other, "telephone/"), {"phone": "0612345678"})
    assert response.status_code == 422
    assert "déjà celui d’une autre personne" in response.text


def test_an_agreement_is_withdrawn_on_request_and_never_given(
    camille: Person, lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    gesture = card(camille, "accords/retirer/")
    news = f"email:petition_news:petition:{lilas.pk}"
    assert f'value="{news}"' in client.get(card(camille)).text
    for said in (news, news, "email:org_news:", "n’importe:quoi", f"{news}9"):
        client.post(gesture, {"accord": said})
    state = ConsentState.objects.get(person=camille)
    assert (state.purpose, state.given) == ("petition_news", False)
    last = Consent.objects.filter(person=camille).latest("pk")
    assert last.wording == "Retiré par l’équipe, à la demande de la personne"
    assert last.source == f"desk:{aicha.pk}"
    assert Consent.objects.filter(person=camille).count() == 2


def test_a_note_is_written_dated_and_deleted(
    camille: Person, seat: SeatedAt, aicha: User, lilas: Petition
) -> None:
    client = seat(aicha)
    client.post(card(camille, "notes/"), {"text": "Rappeler jeudi."})
    note = Note.objects.latest("pk")
    assert (note.text, note.by) == ("Rappeler jeudi.", aicha)
    other = person_of(make_signature(lilas))
    assert client.post(card(other, f"notes/{note.pk}/supprimer/")).status_code == 404
    client.post(card(camille, f"notes/{note.pk}/supprimer/"))
    assert not Note.objects.filter(pk=note.pk).exists()


def test_P64_the_team_forgets_a_person_who_asks(
    camille: Person, lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    assert "Oublier cette personne" in client.get(card(camille, "oublier/")).text
    assert client.post(card(camille, "oublier/"), {"retirer": "oui"}).status_code == 302
    assert client.get(card(camille)).status_code == 404
    assert Tally.objects.get().counted == 1
    assert not Note.objects.exists()
    acts = [json.loads(bytes(e.leaf))["act"] for e in Entry.objects.filter(kind=3)]
    assert "people.erase" in acts


def test_what_is_held_on_a_person_leaves_as_a_file_and_is_noted(
    camille: Person, seat: SeatedAt, aicha: User
) -> None:
    response = seat(aicha).post(card(camille, "donnees.json"))
    told: dict[str, Any] = json.loads(response.content)
    assert told["personne"]["nom"] == "Roche"
    assert told["notes de l’équipe"][0]["note"] == "Tient un café."
    assert told["étiquettes"][0]["étiquette"] == "presse"
    assert told["signatures"][0]["numéro"] == 1
    row = Export.objects.get()
    assert (row.what, row.subject, row.rows, row.by) == (
        "person", f"person:{camille.pk}", 1, aicha
    )  # fmt: skip


def test_P65_a_moderator_meets_people_and_takes_nobody_out(
    camille: Person, seat: SeatedAt, aicha: User, moderator: User
) -> None:
    client = seat(moderator)
    assert client.get(card(camille)).status_code == 200
    assert "Télécharger ses données" not in client.get(card(camille)).text
    assert client.post(card(camille, "donnees.json")).status_code == 403
    assert client.post(card(camille, "oublier/")).status_code == 403
    assert not Export.objects.exists()


def test_a_card_that_was_merged_leads_to_the_other_and_takes_no_gesture(
    camille: Person, lilas: Petition, seat: SeatedAt, aicha: User, now: datetime, index: Index
) -> None:
    twin = person_of(make_signature(lilas, "c@exemple.fr"))
    merge_people(kept=camille, merged=twin, by=aicha, now=now)
    client = seat(aicha)
    assert client.get(card(twin)).headers["Location"] == card(camille)
    assert client.post(card(twin, "notes/"), {"text": "Rien."}).status_code == 404
    text = client.get(card(camille)).text
    assert "fusion de deux fiches" in text
    assert "Deux fiches ont été fusionnées." in text
    assert "Défaire la fusion" in text
    assert Signature.objects.filter(state=SignatureState.WITHDRAWN).count() == 1
