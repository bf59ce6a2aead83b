"""Several editors in the same instant, each on their own connection: one passes (U17)."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.actions.publish import publish
from levier.gathering.updates.actions.queue_audience import queue_audience
from levier.gathering.updates.actions.release import release
from levier.gathering.updates.actions.reschedule import reschedule
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.errors import TooSoon
from levier.gathering.updates.models.update import Update
from tests.cast import NOW, make_campaign, make_petition
from tests.drafts import mails_of, make_agreeing, make_draft, make_planned

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(hours=24)


def at_once(gestures: list[Callable[[], object]]) -> list[BaseException | object]:
    """Run all of them together; what each gave, or what went wrong."""
    ready, told = threading.Barrier(len(gestures)), list[BaseException | object]()

    def act(gesture: Callable[[], object]) -> None:
        try:
            ready.wait(timeout=20)
            told.append(gesture())
        except Exception as error:
            told.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[gesture]) for gesture in gestures]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told


def publishing(update: Update, at: datetime | None = None) -> Callable[[], object]:
    return lambda: publish(update=update, release_at=at, by=update.author, now=NOW)


def test_U17_of_two_editors_one_passes_the_other_keeps_the_draft(lilas: Petition) -> None:
    drafts = [make_draft(lilas, title=f"Texte {n}") for n in range(2)]
    told = at_once([publishing(draft) for draft in drafts])
    refused = [one for one in told if isinstance(one, TooSoon)]
    assert len(refused) == 1
    assert refused[0].next_possible == NOW + DAY
    states = sorted(Update.objects.values_list("state", flat=True))
    assert states == [UpdateState.DRAFT, UpdateState.SENDING]
    assert set(Update.objects.values_list("title", flat=True)) == {"Texte 0", "Texte 1"}


def test_U17_both_plan_the_same_hour_the_other_is_offered_the_day_after(lilas: Petition) -> None:
    at = NOW + timedelta(days=3)
    told = at_once([publishing(make_draft(lilas), at) for _ in range(2)])
    refused = [one for one in told if isinstance(one, TooSoon)]
    assert [one.next_possible for one in refused] == [at + DAY]


def test_U17_of_twelve_exactly_one_passes(lilas: Petition) -> None:
    told = at_once([publishing(make_draft(lilas)) for _ in range(12)])
    assert sum(isinstance(one, TooSoon) for one in told) == 11
    assert Update.objects.exclude(state=UpdateState.DRAFT).count() == 1


def test_U17_moving_and_publishing_meet_the_same_guard(lilas: Petition) -> None:
    planned, at = make_planned(lilas, NOW + timedelta(days=9)), NOW + timedelta(days=3)
    told = at_once(
        [
            lambda: reschedule(update=planned, release_at=at, by=planned.author, now=NOW),
            publishing(make_draft(lilas), at + timedelta(hours=1)),
        ]
    )
    assert sum(isinstance(one, TooSoon) for one in told) == 1


def test_U21_two_plain_updates_at_once_meet_the_trigger(lilas: Petition) -> None:
    drafts = [make_draft(lilas, release_at=NOW + timedelta(hours=n)) for n in range(6)]

    def force(draft: Update) -> Callable[[], object]:
        return lambda: Update.objects.filter(pk=draft.pk).update(state=UpdateState.SENT)

    told = at_once([force(draft) for draft in drafts])
    assert sum(isinstance(one, IntegrityError) for one in told) == 5
    assert Update.objects.filter(state=UpdateState.SENT).count() == 1


def test_U23_two_petitions_never_wait_for_each_other(lilas: Petition) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), lilas.author, "autre")
    draft, theirs = make_draft(lilas), make_draft(other)
    with transaction.atomic():
        publish(update=draft, by=draft.author, now=NOW)  # holds its petition until the end

        def impatient() -> object:
            with transaction.atomic(), connection.cursor() as cursor:
                # The log of the organisation is one for all: only the guard's lock is looked at.
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                planned = Update.objects.filter(pk=theirs.pk)
                return planned.update(state=UpdateState.SCHEDULED, release_at=NOW)

        assert at_once([impatient]) == [1]
    assert Update.objects.filter(state=UpdateState.SCHEDULED).get() == theirs


def test_signatures_do_not_wait_for_somebody_who_publishes(lilas: Petition) -> None:
    draft = make_draft(lilas)
    with transaction.atomic():
        publish(update=draft, by=draft.author, now=NOW)

        def impatient() -> object:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                cursor.execute("SELECT id FROM levier_petition WHERE id = %s FOR KEY SHARE", [pk])
                return cursor.fetchone()

        pk = lilas.pk
        assert at_once([impatient]) == [(pk,)]


def test_U28_released_and_written_by_several_workers_at_once_each_person_once(
    lilas: Petition,
) -> None:
    for _ in range(30):
        make_agreeing(lilas)
    update = make_planned(lilas, NOW)
    assert sorted(map(bool, at_once([lambda: release(update=update.pk, now=NOW)] * 4))) == [
        *([False] * 3),
        True,
    ]
    written = at_once([lambda: queue_audience(update=update.pk, now=NOW)] * 4)
    assert sorted(written) == [0, 0, 0, 30]  # type: ignore[type-var]
    assert len({mail.person_id for mail in mails_of(update)}) == len(mails_of(update)) == 30
