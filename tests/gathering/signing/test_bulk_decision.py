"""P70: many signatures at once, seen first, in batches, stoppable, exact, reversible."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob

from levier.foundation.accounts.models import User
from levier.foundation.ledger.models import Entry
from levier.foundation.ledger.queries import verify_chain
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.decide_in_bulk import decide_in_bulk, stop_bulk, undo_bulk
from levier.gathering.signing.actions.release import release
from levier.gathering.signing.actions.run_bulk import run_batch
from levier.gathering.signing.enums import BulkState, BulkVerb, HoldReason, SignatureState
from levier.gathering.signing.errors import NothingToDecide, NotReversible, SelectionChanged
from levier.gathering.signing.intake.rows import Answer
from levier.gathering.signing.models.bulk_decision import BulkDecision, BulkLine
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.selection import Filters
from levier.gathering.signing.queries.tally import discrepancies
from levier.gathering.signing.tasks.bulk import run_bulk_decision
from tests.cast import NOW, make_campaign, make_petition, make_signature, person_of
from tests.taking import form, slug_of, take

pytestmark = pytest.mark.django_db
Decide = Callable[..., BulkDecision]


@pytest.fixture
def decide(lilas: Petition, hugo: User, now: datetime) -> Decide:
    def decided(
        expected: int, verb: BulkVerb = BulkVerb.REJECT, filters: Filters | None = None
    ) -> BulkDecision:
        return decide_in_bulk(
            petition=lilas,
            verb=verb,
            filters=filters or Filters(),
            seen_at=now,
            expected=expected,
            reason="Rafale de nuit",
            by=hugo,
            now=now,
        )

    return decided


def states(petition: Petition) -> list[str]:
    rows = Signature.objects.filter(petition=petition).order_by("pk")
    return list(rows.values_list("state", flat=True))


def figures(petition: Petition) -> tuple[int, int, int, int]:
    """Last number, counted, confirmed, held; agreeing with the rows."""
    assert discrepancies() == []
    tally = Tally.objects.get(petition=petition)
    return tally.last_number, tally.counted, tally.confirmed, tally.held


def test_P70_a_filtered_list_is_set_aside_in_batches(
    lilas: Petition, decide: Decide, now: datetime
) -> None:
    for n in range(5):
        make_signature(lilas, f"a{n}@rafale.example")
    kept = make_signature(lilas, "paul@exemple.fr")
    decision = decide(5, filters=Filters(domain="rafale.example"))
    assert figures(lilas) == (6, 6, 0, 0)  # written down, nothing done yet
    assert run_batch(decision_id=decision.pk, now=now, size=2)
    assert run_batch(decision_id=decision.pk, now=now, size=2)
    assert not run_batch(decision_id=decision.pk, now=now, size=2)
    decision.refresh_from_db()
    assert (decision.state, decision.done, decision.untouched) == (BulkState.DONE, 5, 0)
    assert figures(lilas) == (6, 1, 0, 0)
    kept.refresh_from_db()
    assert kept.state == SignatureState.COUNTED
    assert not run_batch(decision_id=decision.pk, now=now)  # twice is once
    assert verify_chain(lilas.campaign.organisation_id) is None


def test_P70_who_how_many_and_which_list_are_written_down(
    lilas: Petition, hugo: User, decide: Decide
) -> None:
    make_signature(lilas, "a1@rafale.example")
    decision = decide(1, filters=Filters(domain="rafale.example", state="counted"))
    leaf = bytes(Entry.objects.latest("seq").leaf).decode()
    for fact in (
        '"act":"bulk_decide"',
        f'"by":{hugo.pk}',
        '"signatures":1',
        '"filters":["domain","state"]',
    ):
        assert fact in leaf
    assert "rafale" not in leaf  # the log holds no address
    assert decision.filters == {"domain": "rafale.example", "state": "counted"}


def test_P70_a_task_runs_it(lilas: Petition, decide: Decide) -> None:
    make_signature(lilas)
    decision = decide(1)
    job = ProcrastinateJob.objects.get(task_name="signing.run_bulk_decision")
    assert job.args == {"decision": decision.pk}
    run_bulk_decision(**job.args)
    assert states(lilas) == [SignatureState.REJECTED]


def test_P70_another_count_than_the_one_shown_decides_nothing(
    lilas: Petition, decide: Decide
) -> None:
    make_signature(lilas)
    make_signature(lilas)
    with pytest.raises(SelectionChanged):
        decide(1)
    with pytest.raises(NothingToDecide):
        decide(0, filters=Filters(domain="personne.example"))
    assert not BulkDecision.objects.exists()


def test_P70_who_signs_after_the_page_was_shown_is_not_among_them(
    lilas: Petition, decide: Decide, now: datetime
) -> None:
    make_signature(lilas)
    make_signature(lilas, signed_at=now + timedelta(seconds=1))
    run_bulk_decision(decision=decide(1).pk)
    assert states(lilas) == [SignatureState.REJECTED, SignatureState.COUNTED]


def test_P70_stopped_what_was_done_stays_done(
    lilas: Petition, hugo: User, decide: Decide, now: datetime
) -> None:
    for _ in range(3):
        make_signature(lilas)
    decision = decide(3)
    run_batch(decision_id=decision.pk, now=now, size=2)
    stopped = stop_bulk(decision=decision, by=hugo, now=now)
    assert (stopped.state, stopped.done) == (BulkState.STOPPED, 2)
    assert not run_batch(decision_id=decision.pk, now=now)
    assert states(lilas) == ["rejected", "rejected", "counted"]
    assert figures(lilas) == (3, 1, 0, 0)


def test_P70_what_changed_meanwhile_is_left_alone(
    lilas: Petition, hugo: User, decide: Decide, now: datetime
) -> None:
    ids = [make_signature(lilas, state="held", reason=HoldReason.RATE).pk for _ in range(2)]
    decision = decide(2, BulkVerb.RELEASE, Filters(state="held"))
    release(petition=lilas, signature_ids=ids[:1], by=hugo, now=now)
    run_batch(decision_id=decision.pk, now=now)
    decision.refresh_from_db()
    assert (decision.done, decision.untouched) == (1, 1)
    assert figures(lilas) == (2, 2, 0, 0)


def test_P70_held_ones_are_counted_the_oldest_first(
    lilas: Petition, decide: Decide, now: datetime
) -> None:
    ids = [make_signature(lilas, state="held", reason=HoldReason.RATE).pk for _ in range(3)]
    decision = decide(3, BulkVerb.RELEASE, Filters(reason=HoldReason.RATE))
    run_batch(decision_id=decision.pk, now=now, size=2)
    run_batch(decision_id=decision.pk, now=now, size=2)
    numbers = Signature.objects.filter(pk__in=ids).order_by("pk").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]


def test_P70_P12_undone_each_comes_back_as_it_was_with_its_number(
    lilas: Petition, hugo: User, decide: Decide, now: datetime
) -> None:
    confirmed = make_signature(lilas, confirmed_at=now)
    held = make_signature(lilas, state="held", reason=HoldReason.RATE)
    pending = make_signature(lilas, state="pending")
    hidden = Comment.objects.create(
        petition=lilas,
        person=person_of(confirmed),
        text="Oui !" * 3,
        state="published",
        created_at=now,
    )
    before = figures(lilas)
    decision = decide(3)
    run_bulk_decision(decision=decision.pk)
    assert figures(lilas) == (1, 0, 0, 0)
    back = undo_bulk(decision=decision, by=hugo, now=now)
    assert (back.verb, back.total) == (BulkVerb.RESTORE, 3)
    run_bulk_decision(decision=back.pk)
    assert figures(lilas) == before
    for signature, state, reason in (
        (confirmed, "counted", ""),
        (held, "held", "rate"),
        (pending, "pending", ""),
    ):
        number = signature.number
        signature.refresh_from_db()
        assert (signature.state, signature.reason, signature.number) == (state, reason, number)
    hidden.refresh_from_db()
    assert hidden.state == "waiting"  # somebody reads it again
    assert verify_chain(lilas.campaign.organisation_id) is None
    with pytest.raises(NotReversible):
        undo_bulk(decision=decision, by=hugo, now=now)


def test_P70_what_gave_numbers_cannot_be_undone(
    lilas: Petition, hugo: User, decide: Decide, now: datetime
) -> None:
    make_signature(lilas, state="held", reason=HoldReason.RATE)
    decision = decide(1, BulkVerb.RELEASE)
    with pytest.raises(NotReversible):
        undo_bulk(decision=decision, by=hugo, now=now)
    run_bulk_decision(decision=decision.pk)
    with pytest.raises(NotReversible):
        undo_bulk(decision=decision, by=hugo, now=now)


def test_P70_other_petitions_are_never_touched(lilas: Petition, hugo: User, decide: Decide) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), hugo, "autre")
    make_signature(other, "a1@rafale.example")
    make_signature(lilas, "a2@rafale.example")
    run_bulk_decision(decision=decide(1, filters=Filters(domain="rafale.example")).pk)
    assert states(other) == ["counted"]


@pytest.mark.django_db(transaction=True)
def test_P70_the_tally_is_exact_while_people_sign(lilas: Petition, decide: Decide) -> None:
    for n in range(60):
        make_signature(lilas, f"a{n}@rafale.example")
    decision = decide(60, filters=Filters(domain="rafale.example"))

    def batches() -> None:
        while run_batch(decision_id=decision.pk, now=NOW, size=3):
            continue
        connections.close_all()

    working = Thread(target=batches)
    working.start()
    outcomes = take(slug_of(lilas), [form(n) for n in range(1, 301)])
    working.join()
    assert all(isinstance(outcome, Answer) for outcome in outcomes)
    assert figures(lilas) == (360, 300, 0, 0)
    assert BulkLine.objects.filter(decision=decision, decided=True).count() == 60
    assert verify_chain(lilas.campaign.organisation_id) is None
