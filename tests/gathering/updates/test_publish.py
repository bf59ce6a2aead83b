"""From draft to everybody: what must be there, and never two within twenty-four hours."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.messaging.errors import MissingVariable
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import Activity
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.updates.actions.begin_sending import QUEUE
from levier.gathering.updates.actions.cancel import cancel
from levier.gathering.updates.actions.correct import correct
from levier.gathering.updates.actions.delete_draft import delete_draft
from levier.gathering.updates.actions.publish import RELEASE, publish
from levier.gathering.updates.actions.release import release
from levier.gathering.updates.actions.reschedule import reschedule, unschedule
from levier.gathering.updates.actions.save_draft import save_draft
from levier.gathering.updates.actions.send_test import send_test
from levier.gathering.updates.actions.start_draft import start_draft
from levier.gathering.updates.enums import UpdateKind, UpdateState
from levier.gathering.updates.errors import (
    ChangedMeanwhile,
    NotWhole,
    PastHour,
    SenderNotReady,
    TooSoon,
    WrongState,
)
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.windows import next_window
from tests.audits import acts
from tests.cast import NOW, make_campaign, make_petition
from tests.drafts import TESTIFY, WORDS, make_draft, make_planned
from tests.news import make_news

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(hours=24)
AUTUMN = datetime(2026, 10, 24, 14, 0, tzinfo=PARIS)  # the night after has 25 hours
SPRING = datetime(2026, 3, 28, 14, 0, tzinfo=PARIS)  # the night after has 23


def fresh(update: Update) -> Update:
    return Update.objects.select_related("petition__campaign__organisation").get(pk=update.pk)


def missing(update: Update, by: User) -> dict[str, str]:
    with pytest.raises(NotWhole) as refused:
        publish(update=update, by=by, now=NOW)
    return {one.field: one.sentence for one in refused.value.missing}


def test_it_is_shown_at_once_and_its_mails_are_written_by_a_job(lilas: Petition) -> None:
    update = publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    assert (update.state, update.n) == (UpdateState.SENDING, 1)
    assert (update.release_at, update.published_at) == (NOW, NOW)
    assert ProcrastinateJob.objects.get(task_name=QUEUE).args == {"update": update.pk}
    told = Activity.objects.get(kind=ActivityKind.UPDATE_PUBLISHED)
    assert (told.subject, told.person_id) == (f"update:{update.pk}", None)
    assert told.data == {"petition": lilas.pk, "n": 1, "kind": "testimony"}


def test_U62_publishing_is_an_entry_of_the_log(lilas: Petition) -> None:
    update = publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    told = acts(lilas)[-1]
    assert (told["act"], told["update"], told["by"]) == (
        "updates.publish",
        update.pk,
        lilas.author_id,
    )
    assert told["release_at"] == NOW.isoformat()


@pytest.mark.parametrize(
    ("fields", "named", "sentence"),
    [
        ({"title": " "}, "title", "Donnez un titre à votre mise à jour."),
        ({"body": ""}, "body", "Racontez ce qui s’est passé."),
        (
            {"photo": "", "photo_alt": ""},
            "photo",
            "Ajoutez une photo ou le lien d’un article\u00a0: les nouvelles illustrées sont lues",
        ),
        (
            {"photo": "", "article_url": "https://exemple.fr/a", "article_state": "failed"},
            "article",
            "Nous n’avons pas pu lire cet article. Indiquez son titre et le nom du journal",
        ),
        (
            {"photo": "", "article_url": "https://exemple.fr/a", "article_state": "reading"},
            "article",
            "L’article est en cours de lecture\u00a0: attendez quelques secondes.",
        ),
    ],
)
def test_U3_what_lacks_is_named_beside_its_field(
    lilas: Petition, fields: dict[str, Any], named: str, sentence: str
) -> None:
    update = make_draft(lilas, **fields)
    assert missing(update, lilas.author) == {named: sentence}
    assert fresh(update).state == UpdateState.DRAFT


def test_U3_an_article_is_enough_when_its_title_and_outlet_are_known(lilas: Petition) -> None:
    card = {"title": "À vélo", "outlet": "Le Courrier", "day": "2026-09-10", "image": ""}
    update = make_draft(lilas, photo="", article_url="https://exemple.fr/a", article=card)
    assert publish(update=update, by=lilas.author, now=NOW).press_link is not None


def test_U3_the_ask_too_must_be_whole(lilas: Petition) -> None:
    update = make_draft(lilas, kind=UpdateKind.EVENT, ask="attend")
    Ask.objects.filter(pk=update.pk).update(label="")
    assert set(missing(update, lilas.author)) == {"label", "starts_at", "place"}


def test_U45_a_contact_must_be_public_when_it_is_shown(lilas: Petition) -> None:
    update = make_draft(lilas, kind=UpdateKind.PRESSURE, ask="email")
    assert set(missing(update, lilas.author)) == {"contact"}


def test_U3_the_database_refuses_what_is_not_whole(lilas: Petition) -> None:
    update = make_draft(lilas, title="")
    with pytest.raises(IntegrityError, match="update_released_is_whole"), transaction.atomic():
        Update.objects.filter(pk=update.pk).update(state="scheduled", release_at=NOW)


def test_U8_an_update_that_leaves_has_its_ask_and_never_two(lilas: Petition) -> None:
    update = make_draft(lilas)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ask.objects.create(update=update, kind="share", label="Partager")
    Ask.objects.filter(pk=update.pk).delete()
    with pytest.raises(IntegrityError, match="has no ask"), transaction.atomic():
        Update.objects.filter(pk=update.pk).update(state="scheduled", release_at=NOW)


def test_U8_the_ask_of_what_left_cannot_be_taken_away(lilas: Petition) -> None:
    ask = make_news(lilas)
    with pytest.raises(IntegrityError, match="is published"), transaction.atomic():
        Ask.objects.filter(pk=ask.pk).delete()


@pytest.mark.parametrize(
    ("at", "following"),
    [
        (AUTUMN, datetime(2026, 10, 25, 13, 0, tzinfo=PARIS)),
        (SPRING, datetime(2026, 3, 29, 15, 0, tzinfo=PARIS)),
    ],
)
def test_U18_hours_are_real_ones_when_clocks_change(
    lilas: Petition, at: datetime, following: datetime
) -> None:
    publish(update=make_draft(lilas), by=lilas.author, now=at)
    assert next_window(lilas, now=at + timedelta(hours=6)) == following
    early = following - timedelta(seconds=1)
    with pytest.raises(TooSoon):
        publish(update=make_draft(lilas), release_at=early, by=lilas.author, now=at)
    publish(update=make_draft(lilas), release_at=following, by=lilas.author, now=at)


def test_U16_two_of_one_petition_are_never_nearer_than_24_hours(lilas: Petition) -> None:
    publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    second = make_draft(lilas)
    for hours in (0, 1, 12, 23):
        with pytest.raises(TooSoon):
            publish(update=second, by=lilas.author, now=NOW + timedelta(hours=hours))
    assert publish(update=second, by=lilas.author, now=NOW + DAY).n == 2


def test_U22_the_refusal_names_the_last_one_and_the_next_hour(lilas: Petition) -> None:
    publish(update=make_draft(lilas), by=lilas.author, now=AUTUMN)
    second = make_draft(lilas)
    with pytest.raises(TooSoon) as refused:
        publish(update=second, by=lilas.author, now=AUTUMN + timedelta(hours=6))
    assert str(refused.value).replace("\u00a0", " ") == (
        "Une mise à jour est partie le 24 octobre à 14 h 00. Pour ne pas lasser vos signataires, "
        "la prochaine est possible le 25 octobre à 13 h 00. Votre texte est gardé."
    )
    offered = refused.value.next_possible
    publish(update=second, release_at=offered, by=lilas.author, now=AUTUMN + timedelta(hours=6))
    assert fresh(second).release_at == datetime(2026, 10, 25, 12, 0, tzinfo=UTC)


def test_U22_a_planned_one_is_named_as_such(lilas: Petition) -> None:
    make_planned(lilas, AUTUMN)
    with pytest.raises(TooSoon) as refused:
        publish(update=make_draft(lilas), by=lilas.author, now=AUTUMN - timedelta(hours=2))
    assert "est programmée le 24" in str(refused.value)


def test_U2_the_refused_draft_is_untouched(lilas: Petition) -> None:
    publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    second = make_draft(lilas, article_url="https://exemple.fr/a")
    before = vars(fresh(second)).copy()
    with pytest.raises(TooSoon):
        publish(update=second, by=lilas.author, now=NOW + timedelta(hours=1))
    after = vars(fresh(second))
    assert {k: v for k, v in after.items() if k != "_state"} == {
        k: v for k, v in before.items() if k != "_state"
    }
    assert not PressLink.objects.exists()


def test_U19_a_planned_update_holds_its_window_on_both_sides(lilas: Petition) -> None:
    at = NOW + timedelta(days=5)
    publish(update=make_draft(lilas), release_at=at, by=lilas.author, now=NOW)
    second = make_draft(lilas)
    for near in (at - DAY + timedelta(seconds=1), at, at + DAY - timedelta(seconds=1)):
        with pytest.raises(TooSoon):
            publish(update=second, release_at=near, by=lilas.author, now=NOW)
    publish(update=second, release_at=at - DAY, by=lilas.author, now=NOW)
    publish(update=make_draft(lilas), release_at=at + DAY, by=lilas.author, now=NOW)


def test_U19_the_next_hour_is_found_between_two_that_are_planned(lilas: Petition) -> None:
    make_planned(lilas, NOW + timedelta(hours=5))
    make_planned(lilas, NOW + timedelta(hours=40))
    make_planned(lilas, NOW + timedelta(hours=90))
    found = next_window(lilas, now=NOW)
    assert found == NOW + timedelta(hours=64)
    assert next_window(lilas, now=NOW + timedelta(hours=115)) is None


def test_the_next_hour_is_a_whole_minute_that_is_far_enough(lilas: Petition) -> None:
    make_planned(lilas, NOW + timedelta(seconds=20))
    assert next_window(lilas, now=NOW + timedelta(hours=1)) == NOW + DAY + timedelta(minutes=1)


def test_U20_cancelled_before_the_first_mail_it_frees_its_window(lilas: Petition) -> None:
    update = make_planned(lilas, NOW + timedelta(hours=3))
    cancel(update=update, by=lilas.author, now=NOW)
    assert fresh(update).state == UpdateState.CANCELLED
    assert publish(update=make_draft(lilas), by=lilas.author, now=NOW).n == 1


def test_a_planned_one_can_be_moved_or_be_a_draft_again(lilas: Petition) -> None:
    update = make_planned(lilas, NOW + timedelta(hours=3))
    later = NOW + timedelta(hours=4)  # within 24 hours of itself
    assert reschedule(update=update, release_at=later, by=lilas.author, now=NOW).release_at == later
    other = make_planned(lilas, NOW + timedelta(days=4))
    with pytest.raises(TooSoon):
        reschedule(update=other, release_at=later, by=lilas.author, now=NOW)
    assert fresh(other).release_at == NOW + timedelta(days=4)
    with pytest.raises(PastHour):
        reschedule(update=other, release_at=NOW - DAY, by=lilas.author, now=NOW)
    unschedule(update=update, by=lilas.author, now=NOW)
    assert (fresh(update).state, fresh(update).release_at) == (UpdateState.DRAFT, None)
    with pytest.raises(WrongState):
        reschedule(update=update, release_at=later, by=lilas.author, now=NOW)


def test_U24_drafts_tests_and_corrections_hold_no_window(lilas: Petition) -> None:
    left = publish(update=make_draft(lilas), by=lilas.author, now=NOW - DAY)
    make_draft(lilas)
    send_test(update=make_draft(lilas), by=lilas.author, now=NOW)
    corrected = correct(
        update=left,
        title="Corrigé",
        body="<p>Mieux.</p>",
        photo_alt="Rue",
        by=lilas.author,
        now=NOW,
    )
    assert (corrected.corrected_at, corrected.release_at) == (NOW, NOW - DAY)
    assert next_window(lilas, now=NOW) is None
    assert publish(update=make_draft(lilas), by=lilas.author, now=NOW).n == 2


def test_U21_plain_sql_meets_the_guard(lilas: Petition) -> None:
    make_planned(lilas, NOW)
    for at in (NOW + DAY - timedelta(microseconds=1), NOW - DAY + timedelta(microseconds=1)):
        with pytest.raises(IntegrityError, match="within 24 hours"), transaction.atomic():
            make_planned(lilas, at)
    second = make_planned(lilas, NOW + DAY)
    with pytest.raises(IntegrityError, match="within 24 hours"), transaction.atomic():
        Update.objects.filter(pk=second.pk).update(release_at=NOW + timedelta(hours=23))
    draft = make_draft(lilas, release_at=NOW)
    with pytest.raises(IntegrityError, match="within 24 hours"), transaction.atomic():
        Update.objects.filter(pk=draft.pk).update(state="sent")


def test_U21_what_left_cannot_be_deleted_to_make_room(lilas: Petition) -> None:
    ask = make_news(lilas)
    with pytest.raises(IntegrityError, match="is published"), transaction.atomic():
        Update.objects.filter(pk=ask.pk).delete()
    with pytest.raises(WrongState):
        delete_draft(update=ask.update, by=lilas.author, now=NOW)


def test_U21_cancelled_after_its_first_mail_it_keeps_its_window_whoever_writes(
    lilas: Petition,
) -> None:
    first = make_planned(lilas, NOW)
    Update.objects.filter(pk=first.pk).update(state="cancelled", first_sent_at=NOW)
    with pytest.raises(IntegrityError, match="within 24 hours"), transaction.atomic():
        make_planned(lilas, NOW + timedelta(hours=1))


def test_U23_another_petition_has_its_own_days(lilas: Petition) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), lilas.author, "autre")
    publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    assert publish(update=make_draft(other), by=lilas.author, now=NOW).n == 1


def test_U33_a_missing_variable_blocks_the_whole_sending_with_its_name(
    lilas: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = make_draft(lilas)
    other = "updates/event_reminder"  # asks for the hour of an event
    monkeypatch.setattr("levier.gathering.updates.mails.update.TEMPLATE", other)
    with pytest.raises(MissingVariable) as refused, transaction.atomic():
        publish(update=update, by=lilas.author, now=NOW)
    assert str(refused.value).replace("\u00a0", " ") == (
        "« news » manque pour remplir le modèle updates/event_reminder."
    )
    assert fresh(update).state == UpdateState.DRAFT


def test_J23_nothing_leaves_from_an_address_that_is_not_ready(lilas: Petition) -> None:
    update = make_draft(lilas)
    Organisation.objects.update(sender_email="bonjour@valmontavelo.fr")
    with pytest.raises(SenderNotReady) as refused:
        publish(update=update, by=lilas.author, now=NOW)
    assert [check.reason for check in refused.value.checks] == ["never_checked"]
    Organisation.objects.update(sender_email="bonjour@valmont.example", postal_address=" ")
    with pytest.raises(SenderNotReady) as refused:
        publish(update=update, by=lilas.author, now=NOW)
    assert [check.reason for check in refused.value.checks] == ["address_missing"]


def test_U55_victory_needs_a_petition_that_won(lilas: Petition) -> None:
    update = make_draft(lilas, kind=UpdateKind.VICTORY, ask="celebrate")
    assert set(missing(update, lilas.author)) == {"kind"}
    Petition.objects.filter(pk=lilas.pk).update(state=PetitionState.WON, closed_at=NOW)
    assert publish(update=update, by=lilas.author, now=NOW).state == UpdateState.SENDING


def test_U54_a_milestone_takes_its_figure_from_what_was_reached(lilas: Petition) -> None:
    bare = start_draft(petition=lilas, kind=UpdateKind.MILESTONE, by=lilas.author, now=NOW)
    assert (bare.milestone, bare.title) == (None, "")
    assert "kind" in missing(bare, lilas.author)
    for threshold in (500, 1_000):
        Milestone.objects.create(petition=lilas, threshold=threshold, reached_at=NOW)
    draft = start_draft(petition=lilas, kind=UpdateKind.MILESTONE, by=lilas.author, now=NOW)
    assert draft.milestone is not None
    assert draft.milestone.threshold == 1_000
    assert draft.title == "Nous sommes 1\u202f000"


def test_nobody_publishes_for_a_petition_that_nobody_reads(lilas: Petition) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state=PetitionState.DRAFT)
    assert set(missing(make_draft(lilas), lilas.author)) == {"kind"}


def test_an_hour_that_is_past_is_refused(lilas: Petition) -> None:
    with pytest.raises(PastHour):
        publish(update=make_draft(lilas), release_at=NOW - DAY, by=lilas.author, now=NOW)


def test_what_a_colleague_changed_since_it_was_read_does_not_leave(
    lilas: Petition, hugo: User
) -> None:
    update = make_draft(lilas)
    save_draft(update=update, words=WORDS, ask=TESTIFY, edition=1, by=hugo, now=NOW)
    with pytest.raises(ChangedMeanwhile, match="Hugo a modifié ce texte à 9"):
        publish(update=update, edition=1, by=lilas.author, now=NOW)
    with pytest.raises(WrongState):
        publish(update=make_news(lilas).update, by=lilas.author, now=NOW)


def test_a_planned_update_leaves_at_its_hour_once(lilas: Petition) -> None:
    at = NOW + timedelta(hours=3)
    update = publish(update=make_draft(lilas), release_at=at, by=lilas.author, now=NOW)
    assert (update.state, update.n, update.published_at) == (UpdateState.SCHEDULED, None, None)
    job = ProcrastinateJob.objects.get(task_name=RELEASE)
    assert (job.scheduled_at, job.args) == (at, {"update": update.pk})
    assert not release(update=update.pk, now=at - timedelta(seconds=1))
    assert release(update=update.pk, now=at)
    assert not release(update=update.pk, now=at)
    assert (fresh(update).state, fresh(update).n) == (UpdateState.SENDING, 1)
    assert fresh(update).published_at == at


def test_U16_after_a_stop_of_the_worker_24_hours_are_counted_again(lilas: Petition) -> None:
    late = make_planned(lilas, NOW)
    following = make_planned(lilas, NOW + DAY)
    woken = NOW + timedelta(hours=20)
    assert not release(update=late.pk, now=woken)
    assert fresh(late).release_at == following.release_at + DAY  # type: ignore[operator]
    assert release(update=following.pk, now=NOW + DAY)
    alone = make_planned(lilas, NOW + timedelta(days=5))
    assert release(update=alone.pk, now=NOW + timedelta(days=5, hours=2))
    assert fresh(alone).release_at == NOW + timedelta(days=5, hours=2)


def test_a_petition_removed_meanwhile_tells_nothing(lilas: Petition) -> None:
    update = make_planned(lilas, NOW)
    Petition.objects.filter(pk=lilas.pk).update(state=PetitionState.REMOVED)
    assert not release(update=update.pk, now=NOW)
    assert fresh(update).state == UpdateState.DRAFT
    assert not release(update=0, now=NOW)


def test_numbers_follow_the_order_in_which_they_left(lilas: Petition) -> None:
    planned = publish(update=make_draft(lilas), release_at=NOW + 2 * DAY, by=lilas.author, now=NOW)
    first = publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    release(update=planned.pk, now=NOW + 2 * DAY)
    assert (first.n, fresh(planned).n) == (1, 2)
