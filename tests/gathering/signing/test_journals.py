"""Whatever happens to signatures and in whatever order it is read, the journals say what a GROUP BY
of the signatures says."""

import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import ActivityCursor
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.carry import READER, carry
from levier.gathering.signing.actions.confirm import confirm
from levier.gathering.signing.actions.correct_address import correct_address
from levier.gathering.signing.actions.disown import disown
from levier.gathering.signing.actions.erase import erase
from levier.gathering.signing.actions.hold_bounced import hold_bounced
from levier.gathering.signing.actions.journal import journal, rebuild_journals
from levier.gathering.signing.actions.mend_journals import mend_journals
from levier.gathering.signing.actions.reject import reject
from levier.gathering.signing.actions.release import release
from levier.gathering.signing.actions.withdraw import withdraw
from levier.gathering.signing.enums import STANDING, SignatureState
from levier.gathering.signing.models.journals import AreaTally, DayTally, JournalLine, ReferralTally
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.rules.receipts import Receipt
from levier.gathering.signing.tasks.journals import JournalReader
from tests.cast import NOW, make_campaign, make_petition, make_signature
from tests.journals import let_go, read_all, told, true

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = (("FR", "35000"), ("FR", "2A004"), ("CA", "H2X 1Y4"), ("CH", "1003"), ("DE", "10115"))


@pytest.fixture(autouse=True)
def _readers_let_go() -> Iterator[None]:
    yield
    let_go()


def sign(petition: Petition, **fields: Any) -> Signature:
    """As the signing path does: the signature and its activity in one transaction."""
    with transaction.atomic():
        signature = make_signature(petition, **fields)
        is_held = signature.state == SignatureState.HELD
        tell(signature, ActivityKind.HELD if is_held else ActivityKind.SIGNED)
    return signature


def tell(signature: Signature, kind: str) -> None:
    record_activity(
        organisation_id=signature.petition.campaign.organisation_id,
        person_id=signature.person_id,
        kind=kind,
        subject=f"signature:{signature.pk}",
        at=NOW,
    )


def happen(petition: Petition, what: str, signature: Signature, now: datetime) -> None:
    """One gesture, when it is still possible."""
    by = petition.author
    signature.refresh_from_db()
    standing = signature.state in STANDING
    if what == "confirm" and standing:
        confirm(signature_id=signature.pk, now=now)
    elif what == "withdraw" and standing:
        withdraw(signature_id=signature.pk, now=now)
    elif what == "disown":
        disown(signature_id=signature.pk, wording="Ce n’était pas moi", now=now)
    elif what == "reject":
        reject(petition=petition, signature_ids=[signature.pk], by=by, now=now)
    elif what == "release":
        release(petition=petition, signature_ids=[signature.pk], by=by, now=now)
    elif what == "bounce":
        hold_bounced(signature_ids=[signature.pk], now=now)
    elif what == "erase" and signature.contact_point is not None:
        erase(contact_point=signature.contact_point, withdraw_too=False, now=now)


GESTURES = st.sampled_from(
    ["confirm", "withdraw", "disown", "reject", "release", "bounce", "erase", "read", "killed"]
)
SIGNED = st.tuples(
    st.just("sign"),
    st.sampled_from(PLACES),
    st.sampled_from([SignatureState.COUNTED, SignatureState.HELD, SignatureState.PENDING]),
    st.integers(0, 3),  # days ago
    st.integers(0, 7),  # by whose link
)
STORY = st.lists(st.one_of(SIGNED, st.tuples(GESTURES, st.integers(0, 7))), min_size=3, max_size=24)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=STORY)
def test_any_story_leaves_what_a_group_by_says(
    story: list[tuple], valmont: Organisation, aicha: User, now: datetime
) -> None:
    petition = make_petition(make_campaign(valmont), aicha, slug=f"p{Petition.objects.count()}")
    signatures: list[Signature] = []
    reader = JournalReader()
    for what, *how in story:
        if what == "sign":
            (country, postcode), state, days, whose = how
            by = signatures[whose % len(signatures)] if signatures and whose else None
            signatures.append(
                sign(
                    petition,
                    country=country,
                    postcode=postcode,
                    state=state,
                    signed_at=NOW - timedelta(days=days, hours=whose * 3),
                    referred_by=by,
                )
            )
        elif what == "read":
            reader.read()
        elif what == "killed":
            let_go()
            reader = JournalReader()  # forgets what it saw, reads again from the cursor
            carry()
        elif signatures:
            happen(petition, what, signatures[how[0] % len(signatures)], now)
    read_all(reader)
    let_go()
    assert told(petition) == true(petition)
    assert mend_journals().signatures == 0
    rebuild_journals(petition=petition)
    assert told(petition) == true(petition)


def test_the_same_news_twice_is_once(lilas: Petition) -> None:
    signature = sign(lilas)
    for _ in range(3):
        tell(signature, ActivityKind.SIGNED)
    read_all()
    assert told(lilas)["areas"] == {"FR-35": 1}
    ActivityCursor.objects.filter(reader=READER).update(xid=0)
    let_go()
    read_all()
    assert told(lilas)["areas"] == {"FR-35": 1}


def test_an_idle_reader_writes_nothing(lilas: Petition) -> None:
    hub = sign(lilas)
    sign(lilas, referred_by=hub)
    reader = JournalReader()
    read_all(reader)
    with CaptureQueriesContext(connection) as queries:
        assert reader.read() == 0
    assert not [q for q in queries if re.search("INSERT|UPDATE|DELETE", q["sql"])]


def test_a_worker_killed_between_writes_nothing_by_halves(lilas: Petition) -> None:
    sign(lilas)
    read_all()
    before, cursor = told(lilas), ActivityCursor.objects.get(reader=READER).xid
    later = sign(lilas)
    with transaction.atomic():
        journal(signature_ids=[later.pk])
        assert told(lilas) != before
        transaction.set_rollback(True)  # as a lost connection does
    assert told(lilas) == before
    assert ActivityCursor.objects.get(reader=READER).xid == cursor
    let_go()
    read_all()
    assert told(lilas) == true(lilas)


def test_what_is_committed_late_is_read_all_the_same(lilas: Petition) -> None:
    """Its transaction began before, and ends after, others that are read meanwhile."""
    reader, begun, go_on = JournalReader(), threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            signature = Signature.objects.get(pk=first.pk)
            Signature.objects.filter(pk=signature.pk).update(postcode="75011")
            tell(signature, ActivityKind.CORRECTED)
            begun.set()
            go_on.wait(20)
        connections.close_all()

    first = sign(lilas)
    read_all(reader)
    thread = threading.Thread(target=slowly)
    thread.start()
    assert begun.wait(20)
    sign(lilas, postcode="13001")
    reader.read()
    assert told(lilas)["areas"] == {"FR-35": 1, "FR-13": 1}
    go_on.set()
    thread.join()
    read_all(reader)
    assert told(lilas)["areas"] == {"FR-75": 1, "FR-13": 1}


def test_two_workers_at_once_count_once(lilas: Petition) -> None:
    ids = [sign(lilas).pk for _ in range(40)]

    def work() -> None:
        for _ in range(4):
            journal(signature_ids=ids)
            carry()
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told(lilas) == true(lilas)


def test_the_day_is_the_organisation_s(lilas: Petition) -> None:
    Organisation.objects.update(time_zone="America/Montreal")
    sign(lilas, signed_at=datetime.fromisoformat("2026-09-16T03:30:00+00:00"))
    read_all()
    assert [row.day.isoformat() for row in DayTally.objects.all()] == ["2026-09-15"]


def test_all_of_a_petition_can_be_told_at_once(lilas: Petition) -> None:
    for _ in range(3):
        make_signature(lilas, source="import", source_code="ancienne-plateforme")
    with transaction.atomic():
        record_activity(
            organisation_id=lilas.campaign.organisation_id,
            person_id=None,
            kind=ActivityKind.RECOUNTED,
            subject=f"petition:{lilas.pk}",
            at=NOW,
        )
    read_all()
    assert told(lilas) == true(lilas)
    assert told(lilas)["sources"] == {("import", "ancienne-plateforme"): 3}


def test_at_night_what_changed_in_silence_is_mended(lilas: Petition) -> None:
    first, second = sign(lilas), sign(lilas)
    read_all()
    Signature.objects.filter(pk=first.pk).update(country="DE", postcode="10115")
    Signature.objects.filter(pk=second.pk).delete()
    ActivityCursor.objects.filter(reader=READER).update(xid=2**40)  # both are old news
    assert mend_journals().signatures == 2
    assert told(lilas) == true(lilas)
    assert set(JournalLine.objects.values_list("signature", flat=True)) == {first.pk}


def test_at_night_what_is_only_late_is_left_to_the_reader(lilas: Petition) -> None:
    sign(lilas)
    assert mend_journals().signatures == 0
    assert told(lilas)["areas"] == {}


def test_at_night_counts_that_do_not_add_up_are_made_again(lilas: Petition) -> None:
    hub = sign(lilas)
    sign(lilas, referred_by=hub)
    read_all()
    for model in (DayTally, AreaTally, ReferralTally):
        model.objects.update(**{"total" if model is ReferralTally else "counted": 7})
        assert list(mend_journals().petitions) == [lilas.pk]
        assert told(lilas) == true(lilas)
    assert list(mend_journals().petitions) == []


def test_P45_a_link_given_to_another_signature_takes_its_branch_with_it(
    lilas: Petition, now: datetime
) -> None:
    """A mistyped address is corrected to one that had signed: what the mistaken signature brought
    is the other's; where that would make a loop, it is nobody's."""
    standing = sign(lilas, email="paul@exemple.fr")
    mistaken = sign(lilas, email="paul@exmple.fr", signed_at=now)
    brought = sign(lilas, referred_by=mistaken)
    sign(lilas, referred_by=brought)
    read_all()
    assert told(lilas)["links"][mistaken.pk] == (1, 2)
    code = ReferralCode.objects.get(signature=mistaken).code
    receipt = Receipt(
        petition=lilas.pk,
        code=code,
        number=mistaken.number or 0,
        first_name="Camille",
        masked_email="p•••••@exmple.fr",
        wants_updates=False,
    )
    correct_address(receipt=receipt, given_at=now, email="paul@exemple.fr", now=now)
    let_go()
    read_all()
    mistaken.refresh_from_db()
    assert mistaken.state == SignatureState.WITHDRAWN
    assert told(lilas) == true(lilas)
    assert told(lilas)["links"] == {standing.pk: (1, 2), brought.pk: (1, 1)}


def test_no_loop_can_be(lilas: Petition) -> None:
    first, second = sign(lilas), sign(lilas)
    Signature.objects.filter(pk=first.pk).update(referred_by=second)
    Signature.objects.filter(pk=second.pk).update(referred_by=first)
    journal(signature_ids=[first.pk, second.pk])
    while carry():
        continue
    assert told(lilas)["links"] == {first.pk: (1, 1)}


def test_another_petition_s_link_brings_nobody_here(
    lilas: Petition, valmont: Organisation, aicha: User
) -> None:
    elsewhere = make_signature(make_petition(make_campaign(valmont), aicha, slug="autre"))
    sign(lilas, referred_by=elsewhere)
    read_all()
    assert ReferralTally.objects.count() == 0
