"""Answering an ask: one answer each, two figures, places given in order."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import Activity
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.actions.respond import Said, respond
from levier.gathering.updates.actions.withdraw_response import withdraw_response
from levier.gathering.updates.enums import (
    Answer,
    AskKind,
    CallResult,
    ResponseState,
    UpdateKind,
    UpdateState,
)
from levier.gathering.updates.errors import AskClosed, NotASignatory
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.queries.responses import place_in_line, seats_of
from levier.gathering.updates.rules.answering import ANSWERS
from tests.cast import NOW, make_signature, person_of
from tests.news import make_news, make_response, merged_into

YES, NO, MAYBE = Said(kind=Answer.YES), Said(kind=Answer.NO), Said(kind=Answer.MAYBE)
STARTED = Said(kind=Answer.STARTED, words="Madame, je vous écris.")
DONE = Said(kind=Answer.DONE)


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    return make_signature(lilas, "paul@exemple.fr", first_name="Paul", last_name="Tremblay")


def answer(ask: Ask, signature: Signature, said: Said, minutes: int = 0) -> Response:
    now = NOW + timedelta(minutes=minutes)
    return respond(ask_id=ask.pk, signature=signature, said=said, now=now)


def figures(ask: Ask) -> tuple[int, int]:
    ask.refresh_from_db()
    return ask.started, ask.done


def text(words: str, **ticks: Any) -> Said:
    return Said(kind=Answer.TEXT, words=words, **ticks)


def test_U39_one_response_per_person_the_last_one_stands(lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.ATTEND)
    for minutes, said in enumerate((YES, MAYBE, NO, YES)):
        answer(ask, paul, said, minutes)
    response = Response.objects.get()
    assert (response.kind, response.at) == (Answer.YES, NOW)
    assert response.changed_at == NOW + timedelta(minutes=3)


def test_U39_two_cards_of_one_person_answer_once(lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.ATTEND)
    other = make_signature(lilas)
    answer(ask, other, YES)
    merged_into(person_of(other), person_of(paul))
    answer(ask, paul, NO, 5)
    assert Response.objects.get().kind == Answer.NO
    assert figures(ask) == (0, 0)


def test_the_same_again_changes_nothing_and_writes_to_nobody(
    lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.ATTEND)
    answer(ask, paul, YES)
    answer(ask, paul, YES, 9)
    assert Response.objects.get().changed_at == NOW
    assert Delivery.objects.count() == 1
    assert Activity.objects.filter(kind=ActivityKind.ASK_ANSWERED).count() == 1


def test_U44_started_and_done_are_two_figures_never_added(lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.EMAIL)
    answer(ask, paul, STARTED)
    assert figures(ask) == (1, 0)
    answer(ask, paul, DONE, 2)
    assert figures(ask) == (1, 1)
    answer(ask, make_signature(lilas), STARTED)
    answer(ask, make_signature(lilas), DONE)
    assert figures(ask) == (3, 2)


def test_U44_taking_back_takes_it_out_of_both(lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.EMAIL)
    answer(ask, paul, DONE)
    answer(ask, make_signature(lilas), DONE)
    withdraw_response(ask_id=ask.pk, person=person_of(paul), now=NOW)
    withdraw_response(ask_id=ask.pk, person=person_of(paul), now=NOW)
    assert figures(ask) == (1, 1)


def test_preparing_again_does_not_undo_what_is_done(lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.EMAIL)
    answer(ask, paul, DONE)
    assert answer(ask, paul, STARTED, 5).kind == Answer.DONE
    assert figures(ask) == (1, 1)


def test_a_letter_is_kept_until_it_left_and_no_longer(lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.EMAIL)
    assert answer(ask, paul, STARTED).words == "Madame, je vous écris."
    assert answer(ask, paul, DONE, 1).words == ""


def test_U42_a_call_that_nobody_took_is_begun_not_done(lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.CALL)
    tried = Said(kind=Answer.STARTED, call_result=CallResult.NO_ANSWER)
    answer(ask, paul, tried)
    assert figures(ask) == (1, 0)
    answer(ask, paul, Said(kind=Answer.DONE, call_result=CallResult.ANSWERED), 5)
    assert figures(ask) == (1, 1)
    answer(ask, paul, tried, 9)
    assert figures(ask) == (1, 0)


@pytest.mark.parametrize("kind", AskKind.values)
def test_an_ask_takes_its_own_answers_only(lilas: Petition, paul: Signature, kind: str) -> None:
    ask = make_news(lilas, kind)
    refused = next(one for one in Answer if one not in ANSWERS[kind])
    with pytest.raises(ValueError, match=refused.value):
        answer(ask, paul, Said(kind=refused))
    assert not Response.objects.exists()


@pytest.mark.parametrize("state", [SignatureState.WITHDRAWN, SignatureState.REJECTED])
def test_only_who_signs_answers(lilas: Petition, state: str) -> None:
    ask = make_news(lilas)
    with pytest.raises(NotASignatory):
        answer(ask, make_signature(lilas, state=state), DONE)


@pytest.mark.parametrize(
    ("of_ask", "of_update", "of_petition"),
    [
        ({"closes_at": NOW}, {}, {}),
        ({}, {"state": UpdateState.CANCELLED}, {}),
        ({}, {}, {"state": PetitionState.CLOSED, "closed_at": NOW}),
        ({}, {}, {"closes_at": NOW}),
        ({}, {}, {"state": PetitionState.WON}),
    ],
)
def test_U56_a_closed_ask_takes_nothing(
    lilas: Petition,
    paul: Signature,
    of_ask: dict[str, Any],
    of_update: dict[str, Any],
    of_petition: dict[str, Any],
) -> None:
    ask = make_news(lilas, **of_update, **{f"ask__{k}": v for k, v in of_ask.items()})
    if of_petition:
        Petition.objects.filter(pk=lilas.pk).update(**of_petition)
    with pytest.raises(AskClosed):
        answer(ask, paul, DONE)
    assert not Response.objects.exists()


def test_U56_victory_is_told_when_the_petition_is_over(lilas: Petition, paul: Signature) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state=PetitionState.WON, closed_at=NOW)
    ask = make_news(lilas, AskKind.CELEBRATE)
    assert ask.update.kind == UpdateKind.VICTORY
    assert answer(ask, paul, text("Bravo à tout le monde")).words == "Bravo à tout le monde"


def test_an_event_that_began_without_an_end_is_over(lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.ATTEND, ask__starts_at=NOW)
    with pytest.raises(AskClosed):
        answer(ask, paul, YES)


def test_U46_then_a_waiting_list_in_order_of_arrival(lilas: Petition) -> None:
    ask = make_news(lilas, AskKind.ATTEND, ask__capacity=2)
    people = [make_signature(lilas) for _ in range(5)]
    responses = [answer(ask, one, YES, n) for n, one in enumerate(people)]
    assert [place_in_line(one) for one in responses] == [0, 0, 1, 2, 3]
    assert seats_of(ask).waiting == 3


def test_U46_a_place_freed_goes_to_the_first_who_waits(lilas: Petition) -> None:
    ask = make_news(lilas, AskKind.ATTEND, ask__capacity=2)
    people = [make_signature(lilas) for _ in range(5)]
    for n, one in enumerate(people):
        answer(ask, one, YES, n)
    answer(ask, people[3], NO, 10)  # who waits takes no place
    answer(ask, people[0], NO, 11)
    waiting = Response.objects.filter(waiting_since__isnull=False, kind=Answer.YES)
    assert list(waiting.values_list("person", flat=True)) == [people[4].person_id]
    assert seats_of(ask).seated == 2
    told = Delivery.objects.filter(person=person_of(people[2])).order_by("ordinal")
    assert [mail.message.context["seat"] for mail in told] == ["waiting", "freed"]


def test_U46_taking_an_answer_back_frees_the_place_too(lilas: Petition) -> None:
    ask = make_news(lilas, AskKind.ATTEND, ask__capacity=1)
    first, second = make_signature(lilas), make_signature(lilas)
    answer(ask, first, YES)
    answer(ask, second, YES, 1)
    withdraw_response(ask_id=ask.pk, person=person_of(first), now=NOW)
    assert Response.objects.get(waiting_since=None).person_id == second.person_id


def test_U46_who_waits_keeps_their_rank_when_they_answer_again(lilas: Petition) -> None:
    ask = make_news(lilas, AskKind.ATTEND, ask__capacity=1)
    people = [make_signature(lilas) for _ in range(3)]
    for n, one in enumerate(people):
        answer(ask, one, YES, n)
    again = answer(ask, people[1], YES, 30)
    assert place_in_line(again) == 1


@pytest.mark.django_db(transaction=True)
def test_U46_eighty_three_at_once_on_eighty_places(lilas: Petition) -> None:
    ask = make_news(lilas, AskKind.ATTEND, ask__capacity=80)
    people = [make_signature(lilas) for _ in range(83)]
    together, failures = threading.Barrier(len(people)), list[BaseException]()

    def say_yes(signature: Signature) -> None:
        try:
            together.wait(timeout=60)
            answer(ask, signature, YES)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=say_yes, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert (seats_of(ask).seated, seats_of(ask).waiting) == (80, 3)
    assert figures(ask) == (83, 83)
    seated = Response.objects.filter(waiting_since=None).order_by("pk").first()
    waiting = Response.objects.filter(waiting_since__isnull=False).order_by("waiting_since", "pk")
    first = waiting.first()
    assert seated is not None
    assert first is not None
    withdraw_response(ask_id=ask.pk, person=seated.person, now=NOW + timedelta(hours=1))
    first.refresh_from_db()
    assert first.waiting_since is None
    assert (seats_of(ask).seated, seats_of(ask).waiting) == (80, 2)


def test_words_changed_are_read_again_by_the_team(lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    response = make_response(ask, paul, words="Ma fille y va à vélo.", state=ResponseState.KEPT)
    ticked = answer(ask, paul, text("Ma fille y va à vélo.", for_press=True), 1)
    assert (ticked.state, ticked.for_press) == (ResponseState.KEPT, True)
    rewritten = answer(ask, paul, text("Ma fille y allait à vélo."), 2)
    assert rewritten.pk == response.pk
    assert rewritten.state == ResponseState.WAITING
    assert not rewritten.for_press


def test_a_mailbox_is_not_filled_by_yes_then_no(lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.ATTEND)
    for n in range(30):
        answer(ask, paul, NO if n % 2 else YES, n)
    assert Delivery.objects.count() == 6
