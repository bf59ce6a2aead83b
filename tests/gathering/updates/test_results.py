"""What an update brought: counters, and nothing that looks at its readers one by one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from levier.foundation.messaging.models.message import Message
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.actions.count_areas import count_areas
from levier.gathering.updates.actions.publish import publish
from levier.gathering.updates.actions.queue_audience import queue_audience
from levier.gathering.updates.enums import Answer, AskKind, UpdateKind
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.results import Results, results_of
from tests.cast import NOW, make_signature
from tests.drafts import make_agreeing, make_draft, set_mails
from tests.journals import journalled
from tests.news import make_response

pytestmark = pytest.mark.django_db


def fresh(update: Update) -> Update:
    return Update.objects.select_related("message").get(pk=update.pk)


def sent_to(lilas: Petition, people: int) -> Update:
    for _ in range(people):
        make_agreeing(lilas)
    draft = make_draft(lilas, kind=UpdateKind.ARTICLE, ask=AskKind.SHARE)
    update = publish(update=draft, by=lilas.author, now=NOW)
    queue_audience(update=update.pk, now=NOW)
    return fresh(update)


def results(update: Update) -> Results:
    return results_of(fresh(update))


def test_U57_sent_delivered_in_error_unsubscribed_started_done(lilas: Petition) -> None:
    update = sent_to(lilas, 7)
    for state, n in (("handed", 2), ("delivered", 1), ("bounced", 1), ("unknown", 1)):
        set_mails(update, state, most=n)
    Message.objects.filter(pk=update.message_id or 0).update(unsubscribed=2)
    Ask.objects.filter(pk=update.pk).update(started=3_480, done=2_911)
    told = results(update)
    assert (told.sent, told.delivered, told.in_error, told.progress.unknown) == (5, 3, 1, 1)
    assert (told.unsubscribed, told.started, told.done) == (2, 3_480, 2_911)
    assert not told.is_empty


def test_U57_nothing_yet(lilas: Petition) -> None:
    assert results(sent_to(lilas, 2)).is_empty
    assert results_of(fresh(make_draft(lilas))).progress.audience == 0


def test_U57_signatures_that_shares_brought(lilas: Petition) -> None:
    sharing, silent = make_agreeing(lilas), make_agreeing(lilas)
    before = make_signature(lilas, referred_by=sharing, signed_at=NOW - timedelta(days=3))
    update = sent_to(lilas, 0)
    make_response(Ask.objects.get(pk=update.pk), sharing, Answer.DONE)
    later = NOW + timedelta(days=1)
    for referrer in (sharing, sharing, silent):
        make_signature(lilas, referred_by=referrer, signed_at=later)
    make_signature(lilas, referred_by=sharing, signed_at=later, state="held")
    journalled(lilas)
    assert results(update).brought == 2
    assert before.pk
    testimony = make_draft(lilas)
    assert results_of(fresh(testimony)).brought is None


def test_U57_by_area_only_from_ten_people_on(lilas: Petition) -> None:
    for _ in range(10):
        make_agreeing(lilas, postcode="35000")
    for _ in range(9):
        make_agreeing(lilas, postcode="44000")
    journalled(lilas)
    update = sent_to(lilas, 0)
    count_areas(update=update.pk)
    told = results(update)
    assert [(area.name, area.readers) for area in told.areas] == [("Ille-et-Vilaine", 10)]
    assert told.few == 9
    make_agreeing(lilas, postcode="35000")
    count_areas(update=update.pk)  # counted once
    assert fresh(update).readers_by_area == {"FR-35": 10, "FR-44": 9}


def test_U57_answers_hour_by_hour(lilas: Petition) -> None:
    update = sent_to(lilas, 3)
    ask = Ask.objects.get(pk=update.pk)
    for minutes in (1, 15, 90):
        make_response(ask, make_signature(lilas), Answer.DONE, at=NOW + timedelta(minutes=minutes))
    first = NOW.replace(minute=0)
    assert [(hour.at, hour.answers) for hour in results(update).hours] == [
        (first, 2),
        (first + timedelta(hours=2), 1),
    ]


def test_U57_as_many_statements_for_three_readers_as_for_thirty(lilas: Petition) -> None:
    def statements(people: int, days: int) -> int:
        for _ in range(people):
            make_agreeing(lilas)
        at = NOW + timedelta(days=days)
        update = publish(update=make_draft(lilas), by=lilas.author, now=at)
        queue_audience(update=update.pk, now=at)
        set_mails(update, "handed")
        found = fresh(update)
        with CaptureQueriesContext(connection) as asked:
            results_of(found)
        assert not any("levier_delivery" in query["sql"] for query in asked)
        return len(asked)

    assert statements(3, 0) == statements(27, 2) == 3
