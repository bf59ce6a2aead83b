"""From the first mail to the last: progress, pause, cancellation, what is told at the end."""

import uuid
from datetime import timedelta

import pytest

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.claim import claim
from levier.foundation.messaging.actions.pause_message import cancel_message
from levier.foundation.messaging.actions.write_letter import write_letter
from levier.foundation.messaging.enums import DeliveryState, Lane
from levier.foundation.messaging.models.message import Message
from levier.foundation.people.enums import Purpose
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.actions.cancel import cancel
from levier.gathering.updates.actions.correct import correct
from levier.gathering.updates.actions.finish import finish
from levier.gathering.updates.actions.hold_removed import hold_removed
from levier.gathering.updates.actions.pause import pause
from levier.gathering.updates.actions.publish import publish
from levier.gathering.updates.actions.queue_audience import queue_audience
from levier.gathering.updates.actions.resume import resume
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.errors import NotWhole, PictureNeedsWords, TooSoon, WrongState
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.progress import progress_of
from levier.gathering.updates.queries.received import updates_received, who_received
from levier.gathering.updates.tasks.sending import carry_on, write_deliveries
from tests.account_mails import queued_account_mails
from tests.audits import acts
from tests.cast import NOW, make_signature, person_of
from tests.drafts import agree, mails_of, make_agreeing, make_draft, make_planned, set_mails

pytestmark = pytest.mark.django_db
WORKER = uuid.uuid4()


def fresh(update: Update) -> Update:
    return Update.objects.select_related("message", "petition__campaign__organisation").get(
        pk=update.pk
    )


def leaving(lilas: Petition, people: int = 4) -> Update:
    for _ in range(people):
        make_agreeing(lilas)
    update = publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    assert queue_audience(update=update.pk, now=NOW) == people
    return fresh(update)


def claimed(limit: int = 500) -> list[int]:
    return sorted(row.pk for row in claim(lane=Lane.BULK, worker=WORKER, limit=limit, now=NOW))


def test_its_mails_are_news_of_the_petition_on_the_bulk_lane(lilas: Petition) -> None:
    update = leaving(lilas)
    message = update.message
    assert message is not None
    assert (message.lane, message.purpose, message.source) == (
        *(Lane.BULK, Purpose.PETITION_NEWS),
        f"petition:{lilas.pk}",
    )
    assert {mail.lane for mail in mails_of(update)} == {Lane.BULK}
    assert {mail.source for mail in mails_of(update)} == {f"update:{update.pk}"}


def test_U31_a_thank_you_waits_on_another_lane(lilas: Petition) -> None:
    leaving(lilas)
    assert claim(lane=Lane.TRANSACTIONAL, worker=WORKER, limit=10, now=NOW) == []
    assert len(claimed()) == 4


def test_U27_who_takes_the_agreement_back_meanwhile_leaves_at_the_next_claim(
    lilas: Petition,
) -> None:
    update = leaving(lilas)
    assert len(claimed(2)) == 2
    last = mails_of(update)[-1]
    agree(Signature.objects.get(person=last.person), given=False)
    assert len(claimed()) == 1
    last.refresh_from_db()
    assert last.state == DeliveryState.SUPPRESSED


def test_U29_paused_nothing_more_is_taken_until_it_is_resumed(lilas: Petition) -> None:
    update = leaving(lilas)
    assert len(claimed(1)) == 1
    assert pause(update=update, by=lilas.author, now=NOW).state == UpdateState.PAUSED
    assert claimed() == []
    assert pause(update=update, by=lilas.author, now=NOW).state == UpdateState.PAUSED
    assert resume(update=update, by=lilas.author, now=NOW).state == UpdateState.SENDING
    assert len(claimed()) == 3
    told = [act["act"] for act in acts(lilas)]
    assert told[-2:] == ["updates.pause", "updates.resume"]  # twice is written once (U62)


def test_U28_paused_and_resumed_ten_times_each_person_once(lilas: Petition) -> None:
    update = leaving(lilas, 10)
    taken: list[int] = []
    for _ in range(10):
        taken += claimed(1)
        pause(update=update, by=lilas.author, now=NOW)
        taken += claimed()
        resume(update=update, by=lilas.author, now=NOW)
        assert queue_audience(update=update.pk, now=NOW) == 0
    assert sorted(taken) == sorted(mail.pk for mail in mails_of(update))
    assert len(set(taken)) == 10


def test_U29_cancelled_the_rest_is_not_sent_and_never_will_be(lilas: Petition) -> None:
    update = leaving(lilas)
    claimed(1)
    cancel(update=update, by=lilas.author, now=NOW)
    progress = progress_of(fresh(update))
    assert (progress.cancelled, progress.claimed, progress.queued) == (3, 1, 0)
    assert str(DeliveryState.CANCELLED.label) == "non envoyé"
    assert claimed() == []
    with pytest.raises(WrongState):
        resume(update=update, by=lilas.author, now=NOW)
    assert queue_audience(update=update.pk, now=NOW) == 0
    assert acts(lilas)[-1]["unsent"] == 3


def test_U20_after_its_first_mail_a_cancelled_one_keeps_its_window(lilas: Petition) -> None:
    update = leaving(lilas)
    claimed(1)
    cancel(update=update, by=lilas.author, now=NOW + timedelta(minutes=1))
    assert fresh(update).first_sent_at == NOW + timedelta(minutes=1)
    with pytest.raises(TooSoon):
        publish(update=make_draft(lilas), by=lilas.author, now=NOW + timedelta(hours=1))


def test_U20_before_any_mail_of_it_left_a_cancelled_one_keeps_nothing(lilas: Petition) -> None:
    update = leaving(lilas)
    cancel(update=update, by=lilas.author, now=NOW)
    assert fresh(update).first_sent_at is None
    later = publish(update=make_draft(lilas), by=lilas.author, now=NOW + timedelta(hours=1))
    assert later.n == 2  # its address stays what it was
    cancel(update=update, by=lilas.author, now=NOW)  # twice is the same as once
    with pytest.raises(WrongState):
        cancel(update=make_draft(lilas), by=lilas.author, now=NOW)


def test_cancelled_before_its_mails_are_written_none_is(lilas: Petition) -> None:
    make_agreeing(lilas)
    update = publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    cancel(update=update, by=lilas.author, now=NOW)
    assert queue_audience(update=update.pk, now=NOW) == 0
    assert mails_of(update) == []


def test_U29_what_is_written_while_somebody_cancels_never_leaves(lilas: Petition) -> None:
    make_agreeing(lilas)
    update = publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    assert update.message is not None
    cancel_message(message=update.message, now=NOW)
    assert queue_audience(update=update.pk, now=NOW) == 1
    assert claimed() == []
    assert [mail.state for mail in mails_of(update)] == [DeliveryState.CANCELLED]


def test_U30_the_parts_add_up_to_the_audience_unknown_apart(lilas: Petition) -> None:
    update = leaving(lilas, 6)
    for state in ("handed", "bounced", "unknown"):
        set_mails(update, state, most=1)
    progress = progress_of(fresh(update))
    assert (progress.handed, progress.bounced, progress.unknown) == (1, 1, 1)
    assert (progress.waiting, progress.audience) == (3, 6)
    assert fresh(update).recipients == progress.audience


def test_finished_once_nobody_waits_and_the_team_is_told_once(lilas: Petition) -> None:
    update = leaving(lilas)
    assert not finish(update=update.pk, now=NOW)
    set_mails(update, "handed", most=3)
    later = NOW + timedelta(minutes=1)
    assert not finish(update=update.pk, now=later)
    assert fresh(update).first_sent_at == later
    set_mails(update, "bounced")
    assert finish(update=update.pk, now=later)
    assert not finish(update=update.pk, now=later)
    assert (fresh(update).state, fresh(update).finished_at) == (UpdateState.SENT, later)
    (mail,) = queued_account_mails()
    assert mail["to"] == lilas.author.email
    assert mail["subject"].replace("\u00a0", " ") == (
        "« Racontez-nous la rue des Lilas » est partie : 4 personnes"
    )
    assert "Dont adresses en erreur\u00a0: 1" in mail["text"]
    assert f"/mises-a-jour/{update.pk}/resultats/" in mail["text"]


def test_nobody_who_agreed_it_is_shown_and_over(lilas: Petition) -> None:
    update = publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    queue_audience(update=update.pk, now=NOW)
    assert finish(update=update.pk, now=NOW)
    assert fresh(update).first_sent_at is None


def test_the_clock_carries_on_what_a_stopped_worker_left(lilas: Petition) -> None:
    make_agreeing(lilas)
    planned = make_planned(lilas, NOW)
    carry_on(timestamp=0)  # years after: late, and alone
    assert fresh(planned).state == UpdateState.SENDING
    assert len(mails_of(planned)) == 1
    write_deliveries(update=planned.pk)
    assert len(mails_of(planned)) == 1
    set_mails(planned, "handed")
    carry_on(timestamp=0)
    assert fresh(planned).state == UpdateState.SENT


def test_what_leaves_for_a_removed_petition_is_held(lilas: Petition) -> None:
    update = leaving(lilas)
    assert hold_removed(now=NOW) == 0
    Petition.objects.filter(pk=lilas.pk).update(state=PetitionState.REMOVED)
    assert [hold_removed(now=NOW), hold_removed(now=NOW)] == [1, 0]
    assert fresh(update).state == UpdateState.PAUSED
    assert claimed() == []
    assert (acts(lilas)[-1]["act"], acts(lilas)[-1]["by"]) == ("updates.pause", None)


def test_U37_replies_reach_the_team_and_the_organisation_is_the_sender(lilas: Petition) -> None:
    Organisation.objects.update(reply_email="equipe@valmont.example")
    update = leaving(lilas, 1)
    (row,) = claim(lane=Lane.BULK, worker=WORKER, limit=1, now=NOW)
    assert row.source == f"update:{update.pk}"
    letter = write_letter(delivery=row, eight_bit=True, now=NOW).content.decode()
    head = letter.partition("\r\n\r\n")[0]
    assert "Reply-To: equipe@valmont.example" in head
    assert "bonjour@valmont-a-velo.example" in head.partition("From:")[2].partition("\r\n")[0]
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert "Diallo" not in head


def test_U59_who_received_what(lilas: Petition) -> None:
    update = leaving(lilas, 3)
    make_signature(lilas)
    set_mails(update, "handed", most=1)
    rows = list(who_received(update))
    assert [(row.person_id, row.state) for row in rows] == [
        (mail.person_id, mail.state) for mail in mails_of(update)
    ]
    assert [row.source for row in updates_received(rows[0].person)] == [f"update:{update.pk}"]
    assert not updates_received(person_of(make_signature(lilas)))


def test_U61_corrected_the_page_says_so_and_what_left_is_what_left(lilas: Petition) -> None:
    update = leaving(lilas)
    before = Message.objects.get(pk=update.message_id or 0).context
    later = NOW + timedelta(hours=2)
    correct(
        update=update,
        title="Racontez-nous la rue",
        body="<p>Mieux dit.</p>",
        photo_alt="La rue",
        by=lilas.author,
        now=later,
    )
    kept = fresh(update)
    assert (kept.title, kept.body, kept.corrected_at) == (
        *("Racontez-nous la rue", "<p>Mieux dit.</p>"),
        later,
    )
    assert (kept.n, kept.state, kept.release_at) == (1, UpdateState.SENDING, NOW)
    assert Message.objects.get(pk=update.message_id or 0).context == before
    assert acts(lilas)[-1]["act"] == "updates.correct"


def test_a_correction_lacks_nothing_either(lilas: Petition) -> None:
    update = leaving(lilas, 1)
    with pytest.raises(NotWhole):
        correct(update=update, title=" ", body="x", photo_alt="x", by=lilas.author, now=NOW)
    with pytest.raises(PictureNeedsWords):
        correct(update=update, title="x", body="x", by=lilas.author, now=NOW)
    with pytest.raises(WrongState):
        correct(update=make_draft(lilas), title="x", body="x", by=lilas.author, now=NOW)
