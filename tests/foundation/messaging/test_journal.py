"""What a disk knows and the database does not: killed workers, restored backups."""

import asyncio
import uuid
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import timezone

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.claim import BEFORE, claim
from levier.foundation.messaging.actions.replay_journals import recognise_backup, replay_journals
from levier.foundation.messaging.channels import journal as journals
from levier.foundation.messaging.channels.journal import Entry, Journal, orphans, read
from levier.foundation.messaging.enums import DeliveryState, Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.route import HandedBefore
from levier.foundation.messaging.queries.due import Due
from levier.foundation.messaging.queries.progress import progress_of
from levier.foundation.messaging.rules.identity import journal_mark
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.models.consent import ConsentState
from tests.foundation.messaging.conftest import make_delivery, make_message, sender_to
from tests.foundation.messaging.server import Server

pytestmark = pytest.mark.django_db(transaction=True)
ME = uuid.UUID(int=8686)


@pytest.fixture
def news(valmont: Organisation) -> Message:
    return make_message(valmont, Lane.BULK, Purpose.ORG_NEWS)


def queued(message: Message, many: int, source: str = "update:1") -> list[Delivery]:
    found = []
    for n in range(many):
        row = make_delivery(message, f"p{n}@exemple.fr", source=source)
        if message.purpose:
            agree(row)
        found.append(row)
    return found


def agree(row: Delivery) -> None:
    ConsentState.objects.create(
        person=row.person,
        channel=Channel.EMAIL,
        purpose=Purpose.ORG_NEWS,
        given=True,
        at=timezone.now(),
    )


def claimed(lane: str) -> list[Due]:
    return claim(lane=lane, worker=ME, limit=100, now=timezone.now())


def entry(row: Due, verdict: str, reply: str = "250 OK") -> Entry:
    mark = journal_mark(
        organisation=row.message.organisation.uuid,
        source=row.source,
        ordinal=row.ordinal,
        typed=row.typed,
    )
    return Entry(delivery=row.pk, lane=row.lane, verdict=verdict, mark=mark, reply=reply)


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize(
    ("lane", "purpose", "begun"),
    [
        (Lane.BULK, Purpose.ORG_NEWS, DeliveryState.UNKNOWN),
        (Lane.TRANSACTIONAL, "", DeliveryState.QUEUED),
    ],
)
def test_J13_each_mail_of_a_dead_worker_is_what_its_journal_says(
    valmont: Organisation, tmp_path: Path, lane: str, purpose: str, begun: str
) -> None:
    queued(make_message(valmont, lane, purpose), 4)
    handed, refused, started, _ = claimed(lane)
    diary = Journal(tmp_path, ME)
    for row in (handed, refused, started):
        diary.begun(row.pk)
    diary.replied(entry(handed, "HANDED"))
    diary.replied(entry(refused, "DEAD_ADDRESS", "550 5.1.1\nno such user"))
    assert replay_journals(folder=tmp_path, now=timezone.now()) == 0  # its worker lives
    diary.close()
    assert replay_journals(folder=tmp_path, now=timezone.now()) == 4
    assert states() == ["handed", "bounced", begun, "queued"]
    assert Delivery.objects.get(pk=refused.pk).last_reply == "550 5.1.1 no such user"
    assert replay_journals(folder=tmp_path, now=timezone.now()) == 0


def test_J13_after_a_power_cut_what_the_disk_may_have_lost_is_in_doubt(
    news: Message, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(news, 2)
    row, _ = claimed(Lane.BULK)
    diary = Journal(tmp_path, ME)
    diary.replied(entry(row, "HANDED"))
    diary.close()
    monkeypatch.setattr(journals, "_boot", lambda: "another start")
    replay_journals(folder=tmp_path, now=timezone.now())
    assert states() == ["handed", "unknown"]


def test_a_journal_cut_in_the_middle_of_a_line_is_read_up_to_it(
    news: Message, tmp_path: Path
) -> None:
    queued(news, 1)
    (row,) = claimed(Lane.BULK)
    diary = Journal(tmp_path, ME)
    diary.replied(entry(row, "HANDED"))
    diary.close()
    (path,) = tmp_path.glob("*.log")
    path.write_bytes(path.read_bytes() + b"R 99 bulk HAN")
    (told,) = orphans(tmp_path)
    assert list(told.replies) == [row.pk]


def test_a_full_file_is_put_aside_and_what_is_open_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "SEGMENT", 10)
    diary = Journal(tmp_path, ME)
    for n in range(1, 8):
        diary.begun(n)
        diary.replied(Entry(delivery=n, lane="bulk", verdict="HANDED", mark=bytes(8), reply="250"))
    diary.sync()
    diary.acknowledged(range(1, 6))
    assert len(list(tmp_path.glob("*.done"))) == 1
    (path,) = tmp_path.glob("*.log")
    assert sorted(read(path).replies) == [6, 7]


def restored(rows: list[Delivery]) -> None:
    """As a backup taken before they left."""
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=DeliveryState.QUEUED, claimed_by=None, attempts=0, counted=False
    )


def send_all(server: Server, folder: Path, lane: str) -> None:
    """A worker that sends what is due, and ends."""
    sender = sender_to(server, lane)
    sender.journal = diary = Journal(folder, sender.worker)
    sender._courier.journal = diary
    asyncio.run(sender.drain())
    diary.close()
    replay_journals(folder=folder, now=timezone.now())


@pytest.mark.parametrize(
    ("lane", "purpose"), [(Lane.BULK, Purpose.ORG_NEWS), (Lane.TRANSACTIONAL, "")]
)
def test_J13_a_restored_backup_sends_nothing_again(
    valmont: Organisation, server: Server, tmp_path: Path, lane: str, purpose: str
) -> None:
    rows = queued(make_message(valmont, lane, purpose), 5)
    send_all(server, tmp_path, lane)
    assert recognise_backup(folder=tmp_path, now=timezone.now()) == 0
    restored(rows[2:])
    assert recognise_backup(folder=tmp_path, now=timezone.now()) == 5
    assert states() == ["handed"] * 5
    send_all(server, tmp_path, lane)
    assert len(server.taken) == 5


def test_J13_nor_does_what_the_restored_database_queues_anew(
    news: Message, server: Server, tmp_path: Path
) -> None:
    """The backup is older than the news: they are released again, with other numbers."""
    queued(news, 3)
    send_all(server, tmp_path, Lane.BULK)
    kept = [(row.person_id, row.contact_point_id) for row in Delivery.objects.order_by("pk")]
    Delivery.objects.all().delete()
    recognise_backup(folder=tmp_path, now=timezone.now())
    assert HandedBefore.objects.count() == 3
    extra = make_delivery(news, "nouvelle@exemple.fr", source="update:1")
    agree(extra)
    for person, point in kept:
        extra.pk, extra.person_id, extra.contact_point_id = None, person, point
        extra.save(force_insert=True)
    send_all(server, tmp_path, Lane.BULK)
    assert server.recipients[3:] == ["nouvelle@exemple.fr"]
    told = Delivery.objects.filter(person__in=[person for person, _ in kept])
    assert set(told.values_list("state", "last_reply")) == {("handed", BEFORE)}
    assert progress_of(news).handed == 4


def test_another_installation_is_not_a_restored_one(
    news: Message, server: Server, tmp_path: Path, now: datetime
) -> None:
    rows = queued(news, 2)
    send_all(server, tmp_path, Lane.BULK)
    Organisation.objects.update(uuid=uuid.uuid4())
    restored(rows)
    recognise_backup(folder=tmp_path, now=now)
    assert states() == ["queued", "queued"]
    send_all(server, tmp_path, Lane.BULK)
    assert len(server.taken) == 4
