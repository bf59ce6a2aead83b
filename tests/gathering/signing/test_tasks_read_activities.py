"""Gestures answered by mail: each once, whatever the order they are committed in."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import ActivityCursor
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing import mails
from levier.gathering.signing.enums import HoldReason, SignatureSource, SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.tasks.read_activities import READER, Reader
from tests.cast import make_signature
from tests.running import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader() -> Iterator[Reader]:
    """One at a time: its session's lock is let go at the end."""
    yield Reader()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def tell(
    signature: Signature,
    kind: str = ActivityKind.SIGNED,
    at: datetime | None = None,
    subject: str = "",
    **data: str,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO levier_activity (organisation_id, person_id, kind, subject, data, at)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [
                signature.petition.campaign.organisation_id,
                signature.person_id,
                kind,
                subject or f"signature:{signature.pk}",
                json.dumps(data) if data else None,
                at or timezone.now(),
            ],
        )


def sent() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("source", flat=True))


@pytest.mark.parametrize("people", [1, 3])
def test_who_signs_is_thanked_once(lilas: Petition, reader: Reader, people: int) -> None:
    signatures = [make_signature(lilas) for _ in range(people)]
    for signature in signatures:
        tell(signature)
    assert reader.read(now=timezone.now()) == people
    assert reader.read(now=timezone.now()) == 0
    assert sorted(sent()) == sorted(f"signature:{s.pk}:thanks" for s in signatures)


def test_a_new_reader_goes_on_from_where_the_last_one_was(lilas: Petition, reader: Reader) -> None:
    # A transaction of a test beside this one may hold the news, or the cursor, back for a moment.
    tell(first := make_signature(lilas))
    wait_for(lambda: reader.read(now=timezone.now()), "the first signature's news")
    kept = ActivityCursor.objects.get(reader=READER).xid
    assert kept > 0
    tell(later := make_signature(lilas))
    again = Reader()
    wait_for(lambda: again.read(now=timezone.now()) and len(sent()) > 1, "the second one's")
    assert sent() == [f"signature:{first.pk}:thanks", f"signature:{later.pk}:thanks"]
    assert ActivityCursor.objects.get(reader=READER).xid >= kept


def test_more_than_a_page_is_read_in_one_pass(lilas: Petition, reader: Reader) -> None:
    signature = make_signature(lilas)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO levier_activity (organisation_id, person_id, kind, subject, at)"
            " SELECT %s, %s, 'signed', %s, now() FROM generate_series(1, 1200)",
            [lilas.campaign.organisation_id, signature.person_id, f"signature:{signature.pk}"],
        )
    assert reader.read(now=timezone.now()) == 1_200
    assert len(sent()) == 1


class Elsewhere:
    """A transaction of another session, open as long as one likes."""

    def __init__(self) -> None:
        self.todo: list[Callable[[], None]] = []
        self.go, self.done, self.begun = threading.Event(), threading.Event(), threading.Event()

    def run(self, first: Callable[[], None]) -> None:
        def work() -> None:
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                first()
                self.begun.set()
                self.go.wait(10)
                cursor.execute("COMMIT")
            connections.close_all()
            self.done.set()

        threading.Thread(target=work, daemon=True).start()
        assert self.begun.wait(10)

    def commit(self) -> None:
        self.go.set()
        assert self.done.wait(10)


def test_J32_a_late_commit_is_read_and_a_long_one_delays_nobody(
    lilas: Petition, reader: Reader
) -> None:
    late, early, last = (make_signature(lilas) for _ in range(3))
    elsewhere = Elsewhere()
    elsewhere.run(lambda: tell(late))
    tell(early)  # a higher number, committed first
    assert reader.read(now=timezone.now()) == 1
    assert sent() == [f"signature:{early.pk}:thanks"]

    tell(last)
    assert reader.read(now=timezone.now()) == 1  # not held back, and « early » not read again
    elsewhere.commit()
    assert reader.read(now=timezone.now()) == 1
    assert sent()[-1] == f"signature:{late.pk}:thanks"
    assert reader.read(now=timezone.now()) == 0


def test_J32_a_late_commit_is_read_by_a_reader_that_was_restarted(
    lilas: Petition, reader: Reader
) -> None:
    late, early = make_signature(lilas), make_signature(lilas)
    elsewhere = Elsewhere()
    elsewhere.run(lambda: tell(late))
    tell(early)
    reader.read(now=timezone.now())
    elsewhere.commit()
    Reader().read(now=timezone.now())
    assert sorted(sent()) == sorted(f"signature:{s.pk}:thanks" for s in (late, early))


def test_two_readers_share_no_work(lilas: Petition, reader: Reader) -> None:
    tell(make_signature(lilas))
    reader.read(now=timezone.now())
    tell(make_signature(lilas))
    counts: list[int] = []

    def other() -> None:
        counts.append(Reader().read(now=timezone.now()))
        connections.close_all()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert counts == [0]
    assert reader.read(now=timezone.now()) == 1


@pytest.mark.parametrize(
    ("state", "reason", "mails"),
    [
        (SignatureState.HELD, HoldReason.RATE, 1),
        (SignatureState.HELD, HoldReason.HONEYPOT, 0),
        (SignatureState.HELD, HoldReason.BOUNCE, 0),
        (SignatureState.HELD, HoldReason.TEAM, 0),
        (SignatureState.WITHDRAWN, HoldReason.DISOWNED, 0),
        (SignatureState.PENDING, HoldReason.NONE, 1),
    ],
)
def test_P67_P69_only_who_may_still_confirm_is_written_to(
    lilas: Petition, reader: Reader, state: str, reason: str, mails: int
) -> None:
    tell(make_signature(lilas, state=state, reason=reason), ActivityKind.HELD)
    assert reader.read(now=timezone.now()) == 1
    assert len(sent()) == mails


def test_an_imported_signature_is_not_thanked(lilas: Petition, reader: Reader) -> None:
    tell(make_signature(lilas, source=SignatureSource.IMPORT))
    reader.read(now=timezone.now())
    assert sent() == []


def test_old_gestures_call_for_nothing(lilas: Petition, reader: Reader) -> None:
    tell(make_signature(lilas), at=timezone.now() - timedelta(days=4))
    assert reader.read(now=timezone.now()) == 1
    assert sent() == []


def test_P18_signing_again_is_answered_once_in_24_hours(lilas: Petition, reader: Reader) -> None:
    signature, start = make_signature(lilas), timezone.now()
    for hours in (0, 1, 23, 25, 30, 50):
        moment = start + timedelta(hours=hours)
        tell(signature, ActivityKind.SIGNED_AGAIN, at=moment)
        reader.read(now=moment)
    told = Delivery.objects.filter(source=f"signature:{signature.pk}:already").order_by("ordinal")
    assert [d.ordinal for d in told] == [0, 1, 2]
    assert [(d.created_at - start) // timedelta(hours=1) for d in told] == [0, 25, 50]


def test_P18_many_repeats_in_one_pass_are_one_mail(lilas: Petition, reader: Reader) -> None:
    signature = make_signature(lilas)
    for _ in range(3):
        tell(signature, ActivityKind.SIGNED_AGAIN)
    assert reader.read(now=timezone.now()) == 3
    assert sent() == [f"signature:{signature.pk}:already"]


def test_P35_a_hard_bounce_holds_the_signature_and_lowers_the_count(
    lilas: Petition, reader: Reader
) -> None:
    signature, other = make_signature(lilas), make_signature(lilas)
    assert other.contact_point is not None
    mails.thanks(signatures=[signature], now=timezone.now())
    mails.my_link(contact_point=other.contact_point, now=timezone.now())
    for mail, row in zip(Delivery.objects.order_by("pk"), (signature, other), strict=True):
        tell(row, ActivityKind.BOUNCED, subject=f"delivery:{mail.pk}", source=mail.source)
    Delivery.objects.update(state=DeliveryState.BOUNCED)
    reader.read(now=timezone.now())
    signature.refresh_from_db()
    other.refresh_from_db()
    assert (signature.state, signature.reason) == (SignatureState.HELD, HoldReason.BOUNCE)
    assert other.state == SignatureState.COUNTED
    tally = Tally.objects.get(petition=lilas)
    assert (tally.counted, tally.held, tally.last_number) == (1, 1, 2)
    assert reader.read(now=timezone.now()) == 1  # the HELD it just wrote, which calls for no mail
    assert Delivery.objects.filter(state=DeliveryState.QUEUED).count() == 0


def test_P24_a_mail_that_came_back_from_an_address_corrected_since_holds_nothing(
    lilas: Petition, reader: Reader
) -> None:
    signature, other = make_signature(lilas), make_signature(lilas)
    mails.thanks(signatures=[signature], now=timezone.now())
    mail = Delivery.objects.get()
    Signature.objects.filter(pk=signature.pk).update(contact_point=other.contact_point)
    tell(signature, ActivityKind.BOUNCED, subject=f"delivery:{mail.pk}", source=mail.source)
    assert reader.read(now=timezone.now()) == 1
    signature.refresh_from_db()
    assert signature.state == SignatureState.COUNTED
