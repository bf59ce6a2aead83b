"""What is written to who answers, the day before, and what is forgotten afterwards."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from pytest_django import Settings

from levier.foundation.accounts.models import User
from levier.foundation.ledger.models import Entry
from levier.foundation.messaging.mails.compiled import compiled
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.actions.change_event import Event, cancel_event, change_event
from levier.gathering.updates.actions.close_ask import close_ask
from levier.gathering.updates.actions.forget_answers import forget_erased
from levier.gathering.updates.actions.forget_contacts import forget_contacts
from levier.gathering.updates.actions.mark_present import mark_present
from levier.gathering.updates.actions.note_use import note_use
from levier.gathering.updates.actions.remind_events import remind_events
from levier.gathering.updates.actions.respond import Said, respond
from levier.gathering.updates.actions.sort_response import Sorting, sort_response
from levier.gathering.updates.actions.withdraw_response import withdraw_response
from levier.gathering.updates.enums import Answer, AskKind, ResponseState, Use
from levier.gathering.updates.errors import AskClosed
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.queries.mine import news_of
from levier.gathering.updates.queries.responses import (
    responses_to_sort,
    seats_of,
    sorted_of,
    usable_testimonies,
    uses_taken_back,
)
from tests.cast import NOW, make_petition, make_signature, person_of
from tests.news import make_news, make_response

Queries = Callable[[int], AbstractContextManager[object]]
PARIS = ZoneInfo("Europe/Paris")
STARTS = datetime(2026, 11, 12, 18, 30, tzinfo=PARIS)
DAY_BEFORE = datetime(2026, 11, 11, 10, 0, tzinfo=PARIS)
YES = Said(kind=Answer.YES)


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    return make_signature(lilas, "paul@exemple.fr", first_name="Paul", last_name="Tremblay")


def event(petition: Petition, **fields: Any) -> Ask:
    return make_news(petition, AskKind.ATTEND, ask__starts_at=STARTS, **fields)


def happening(**fields: Any) -> Event:
    return Event(
        **{
            "starts_at": STARTS,
            "ends_at": None,
            "zone": "Europe/Paris",
            "place": "Devant la mairie de Valmont",
            "place_is_public": True,
            "capacity": None,
            **fields,
        }
    )


def letters() -> list[tuple[str, str]]:
    """Subject and text of the mails that wait, in order."""
    rows = Delivery.objects.select_related("message__template").order_by("pk")
    written = [
        compiled(one.message.template).fill({**one.message.context, **one.context}) for one in rows
    ]
    return [(letter.subject, letter.text) for letter in written]


def test_a_yes_is_answered_with_date_place_and_calendar(lilas: Petition, paul: Signature) -> None:
    respond(ask_id=event(lilas).pk, signature=paul, said=YES, now=NOW)
    ((subject, text),) = letters()
    assert subject == "C’est noté\u00a0: vous venez"
    assert "Bonjour Paul," in text
    assert "jeudi 12\u00a0novembre 2026, à 18" in text
    assert "Devant la mairie de Valmont" in text
    assert "/agenda.ics" in text
    assert "Vous recevez ce courriel parce que cette adresse a signé" in text


def test_U46_the_waiting_list_is_told_with_the_rank(lilas: Petition, paul: Signature) -> None:
    ask = event(lilas, ask__capacity=1)
    make_response(ask, make_signature(lilas), Answer.YES)
    respond(ask_id=ask.pk, signature=paul, said=YES, now=NOW)
    ((subject, text),) = letters()
    assert subject == "C’est complet\u00a0: vous êtes sur la liste d’attente"
    assert "en 1re position" in text
    assert "agenda.ics" not in text


def test_U46_the_first_who_waits_gets_a_mail_and_the_calendar(
    lilas: Petition, paul: Signature
) -> None:
    ask = event(lilas, ask__capacity=1)
    seated = make_signature(lilas)
    make_response(ask, seated, Answer.YES)
    make_response(ask, paul, Answer.YES, waiting_since=NOW)
    withdraw_response(ask_id=ask.pk, person=person_of(seated), now=NOW)
    ((subject, text),) = letters()
    assert subject == "Une place s’est libérée pour vous"
    assert "agenda.ics" in text
    assert Delivery.objects.get().person_id == paul.person_id


def test_U51_a_testimony_is_thanked_with_how_to_take_it_back(
    lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    said = Said(kind=Answer.TEXT, words="Ma fille y va à vélo.")
    respond(ask_id=ask.pk, signature=paul, said=said, now=NOW)
    ((subject, text),) = letters()
    assert subject == "Merci pour votre témoignage"
    assert "le reprendre à tout moment" in text
    assert "/mises-a-jour/1/pour/" in text


def test_the_day_before_once_to_who_has_a_place(lilas: Petition, paul: Signature) -> None:
    ask = event(lilas)
    make_response(ask, paul, Answer.YES)
    make_response(ask, make_signature(lilas), Answer.YES, waiting_since=NOW)
    make_response(ask, make_signature(lilas), Answer.MAYBE)
    make_response(ask, make_signature(lilas, state=SignatureState.WITHDRAWN), Answer.YES)
    assert remind_events(now=DAY_BEFORE - timedelta(minutes=1)) == 0
    assert remind_events(now=DAY_BEFORE) == 1
    assert remind_events(now=DAY_BEFORE + timedelta(minutes=10)) == 0
    ((subject, text),) = letters()
    assert subject.startswith(
        "Rappel\u00a0: La mairie nous reçoit jeudi, jeudi 12\u00a0novembre 2026"
    )
    assert "Devant la mairie de Valmont" in text
    assert Delivery.objects.get().person_id == paul.person_id


def test_who_says_yes_that_very_day_is_not_reminded(lilas: Petition, paul: Signature) -> None:
    make_response(event(lilas), paul, Answer.YES, changed_at=DAY_BEFORE + timedelta(hours=1))
    assert remind_events(now=DAY_BEFORE + timedelta(hours=2)) == 0


@pytest.mark.parametrize("people", [1, 3])
def test_reminders_take_as_many_statements_for_one_as_for_three(
    lilas: Petition, people: int, django_assert_max_num_queries: Queries
) -> None:
    ask = event(lilas)
    for _ in range(people):
        make_response(ask, make_signature(lilas), Answer.YES)
    with django_assert_max_num_queries(22):
        assert remind_events(now=DAY_BEFORE) == people


def test_a_cancelled_event_is_not_remembered(lilas: Petition, paul: Signature) -> None:
    ask = event(lilas)
    make_response(ask, paul, Answer.YES)
    cancel_event(ask_id=ask.pk, by=lilas.author, now=NOW)
    assert remind_events(now=DAY_BEFORE) == 0
    ((subject, text),) = letters()
    assert subject == "Annulé\u00a0: La mairie nous reçoit jeudi"
    assert "n’aura pas lieu" in text


def test_U47_another_date_is_told_and_remembered_anew(lilas: Petition, paul: Signature) -> None:
    ask = event(lilas)
    make_response(ask, paul, Answer.YES)
    make_response(ask, make_signature(lilas), Answer.NO)
    assert remind_events(now=DAY_BEFORE) == 1
    later = happening(starts_at=STARTS + timedelta(days=7))
    change_event(ask_id=ask.pk, event=later, by=lilas.author, now=DAY_BEFORE)
    assert remind_events(now=DAY_BEFORE + timedelta(days=7)) == 1
    told = [subject for subject, _ in letters()]
    assert told[1].startswith(
        "Du changement\u00a0: La mairie nous reçoit jeudi, jeudi 19\u00a0novembre"
    )
    assert len(told) == 3


def test_more_places_go_to_the_first_who_wait_and_fewer_turn_nobody_away(lilas: Petition) -> None:
    ask = event(lilas, ask__capacity=1)
    make_response(ask, make_signature(lilas), Answer.YES)
    for n in range(2):
        make_response(
            ask, make_signature(lilas), Answer.YES, waiting_since=NOW + timedelta(minutes=n)
        )
    change_event(ask_id=ask.pk, event=happening(capacity=2), by=lilas.author, now=NOW)
    ask.refresh_from_db()
    assert (seats_of(ask).seated, seats_of(ask).waiting, ask.sequence) == (2, 1, 0)
    change_event(ask_id=ask.pk, event=happening(capacity=1), by=lilas.author, now=NOW)
    assert seats_of(ask).seated == 2
    assert [subject for subject, _ in letters()] == ["Une place s’est libérée pour vous"]


def test_U49_a_contact_not_used_is_erased_after_ninety_days(lilas: Petition) -> None:
    ask = make_news(lilas, AskKind.ADVISE)
    proposed: dict[str, dict[str, Any]] = {
        "à appeler": {},
        "appelée": {"contact_used_at": NOW},
        "récente": {"changed_at": NOW + timedelta(days=1)},
    }
    for contact, fields in proposed.items():
        make_response(ask, make_signature(lilas), words="Voyez-la.", contact=contact, **fields)
    assert forget_contacts(now=NOW + timedelta(days=90) - timedelta(minutes=1)) == 0
    assert forget_contacts(now=NOW + timedelta(days=90)) == 1
    assert forget_contacts(now=NOW + timedelta(days=90)) == 0
    assert set(Response.objects.values_list("contact", flat=True)) == {"", "appelée", "récente"}
    assert Response.objects.filter(words="Voyez-la.").count() == 3


def test_U49_a_contact_used_is_kept(lilas: Petition, aicha: User) -> None:
    ask = make_news(lilas, AskKind.ADVISE)
    advice = make_response(ask, make_signature(lilas), contact="Inès Roy")
    used = Sorting(contact_used=True, useful=True, handled=True)
    sort_response(response_id=advice.pk, sorting=used, by=aicha, now=NOW)
    forget_contacts(now=NOW + timedelta(days=365))
    kept = Response.objects.get()
    assert (kept.contact, kept.useful, kept.handled_by) == ("Inès Roy", True, aicha)


def test_U50_only_kept_and_ticked_for_that_use(lilas: Petition) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    for n in range(64):
        make_response(
            ask,
            make_signature(lilas),
            words=f"Témoignage {n}",
            state=ResponseState.KEPT if n < 41 else ResponseState.WAITING,
            for_press=n < 17 or n > 60,
            for_dossier=n % 2 == 0,
        )
    assert sorted_of(ask).received == 64
    assert sorted_of(ask).kept == 41
    assert sorted_of(ask).for_press == 17
    assert responses_to_sort(ask).count() == 23
    assert usable_testimonies(lilas, Use.PRESS).count() == 17
    assert usable_testimonies(lilas, Use.DOSSIER).count() == 21


def test_U52_testimonies_of_this_petition_alone(lilas: Petition) -> None:
    other = make_petition(lilas.campaign, lilas.author, "autre")
    for petition in (lilas, other):
        kept: dict[str, Any] = {"state": ResponseState.KEPT, "for_press": True, "words": "À vélo."}
        make_response(make_news(petition, AskKind.TESTIFY), make_signature(petition), **kept)
        make_response(make_news(petition, AskKind.ADVISE), make_signature(petition), **kept)
    assert usable_testimonies(lilas, Use.PRESS).count() == 1


def test_U51_what_was_printed_is_listed_to_the_team(lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    mine = make_response(ask, paul, words="À vélo.", state=ResponseState.KEPT, for_press=True)
    other = make_response(ask, make_signature(lilas), words="Moi aussi.", for_press=True)
    for _ in range(2):
        note_use(responses=[mine, other], use=Use.PRESS, label="communiqué du 3 mars", now=NOW)
    assert not uses_taken_back(lilas).exists()
    withdraw_response(ask_id=ask.pk, person=person_of(paul), now=NOW)
    (printed,) = uses_taken_back(lilas)
    assert (printed.person_id, printed.label) == (paul.person_id, "communiqué du 3 mars")
    assert not Response.objects.filter(person=paul.person_id).exists()
    assert not usable_testimonies(lilas, Use.PRESS).exists()


def test_a_testimony_kept_is_told_once(lilas: Petition, paul: Signature, aicha: User) -> None:
    mine = make_response(make_news(lilas, AskKind.TESTIFY), paul, words="À vélo.")
    for _ in range(2):
        keep = Sorting(state=ResponseState.KEPT)
        sort_response(response_id=mine.pk, sorting=keep, by=aicha, now=NOW)
    assert Activity.objects.filter(kind=ActivityKind.TESTIMONY_KEPT).count() == 1
    assert Entry.objects.filter(scope=lilas.campaign.organisation_id).count() == 2


def test_closing_keeps_its_first_hour(lilas: Petition, paul: Signature, aicha: User) -> None:
    ask = make_news(lilas)
    close_ask(ask_id=ask.pk, by=aicha, now=NOW)
    close_ask(ask_id=ask.pk, by=aicha, now=NOW + timedelta(days=1))
    ask.refresh_from_db()
    assert ask.closes_at == NOW
    with pytest.raises(AskClosed):
        respond(ask_id=ask.pk, signature=paul, said=Said(kind=Answer.DONE), now=NOW)


def test_who_came_is_marked_among_those_invited(lilas: Petition, aicha: User) -> None:
    ask, other = event(lilas), event(lilas)
    coming = [make_response(ask, make_signature(lilas), Answer.YES) for _ in range(3)]
    no = make_response(ask, make_signature(lilas), Answer.NO)
    elsewhere = make_response(other, make_signature(lilas), Answer.YES)
    ids = [one.pk for one in (*coming[:2], no, elsewhere)]
    assert mark_present(ask=ask, responses=ids, present=True, by=aicha, now=NOW) == 2
    assert seats_of(ask).present == 2
    assert mark_present(ask=ask, responses=ids, present=None, by=aicha, now=NOW) == 2
    assert seats_of(ask).present == 0


def test_what_erased_people_answered_is_deleted_and_figures_stay(
    lilas: Petition, paul: Signature, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    ask = event(lilas, ask__capacity=1, ask__done=2, ask__started=2)
    make_response(ask, paul, Answer.YES)
    waiting = make_response(ask, make_signature(lilas), Answer.YES, waiting_since=NOW)
    Person.objects.filter(pk=person_of(paul).pk).update(erased_at=NOW)
    assert forget_erased(now=NOW) == 1
    assert forget_erased(now=NOW) == 0
    waiting.refresh_from_db()
    assert waiting.waiting_since is None
    ask.refresh_from_db()
    assert ask.done == 2


@pytest.mark.django_db(transaction=True)
def test_a_photo_taken_back_leaves_the_disk_unless_something_shows_it(
    lilas: Petition, paul: Signature
) -> None:
    folder = Path(settings.MEDIA_ROOT) / "images"
    folder.mkdir(parents=True, exist_ok=True)
    photos = [folder / f"{n * 32}.jpg" for n in "ab"]
    for photo in photos:
        photo.write_bytes(b"jpeg")
    ask = make_news(lilas, AskKind.TESTIFY)
    other = make_signature(lilas)
    make_response(ask, paul, words="Moi", photo=f"images/{photos[0].name}")
    make_response(ask, other, words="Moi", photo=f"images/{photos[1].name}")
    make_response(ask, make_signature(lilas), words="Aussi", photo=f"images/{photos[1].name}")
    for one in (paul, other):
        withdraw_response(ask_id=ask.pk, person=person_of(one), now=NOW)
    assert [photo.exists() for photo in photos] == [False, True]
    photos[1].unlink()


def test_U59_a_signatory_reads_what_they_received_and_answered(
    lilas: Petition, paul: Signature, django_assert_num_queries: Queries
) -> None:
    answered, unknown = make_news(lilas), make_news(lilas)
    make_response(answered, paul, Answer.DONE)
    make_response(unknown, make_signature(lilas), Answer.DONE)
    with django_assert_num_queries(3):
        (mine,) = news_of(person_of(paul))
    assert mine.ask.pk == answered.pk
    assert mine.response is not None
    assert not mine.received


def test_U58_nothing_in_these_mails_tells_who_opened_them(lilas: Petition, paul: Signature) -> None:
    ask = event(lilas)
    respond(ask_id=ask.pk, signature=paul, said=YES, now=NOW)
    remind_events(now=DAY_BEFORE)
    cancel_event(ask_id=ask.pk, by=lilas.author, now=NOW)
    mails = Delivery.objects.select_related("message__template").order_by("pk")
    assert mails.count() == 3
    for one in mails:
        written = compiled(one.message.template).fill({**one.message.context, **one.context})
        assert "<img" not in written.html
        assert "background-image" not in written.html
