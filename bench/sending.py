"""News to a million: written beside a bare INSERT, claimed in sets, sent beside a bare loop over
the same connections, while a thank-you passes in front."""

import asyncio
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
import uvloop
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from bench.people import using
from bench.people_seed import vacuum
from bench.place import Place, free_port
from bench.table import Line, Table
from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.acknowledge import Outcome, acknowledge
from levier.foundation.messaging.actions.claim import claim
from levier.foundation.messaging.actions.get_message import get_message
from levier.foundation.messaging.actions.queue import Recipient, queue
from levier.foundation.messaging.actions.queue_set import queue_set
from levier.foundation.messaging.actions.send import LaneSender
from levier.foundation.messaging.actions.write_letter import write_letter
from levier.foundation.messaging.channels.journal import Journal
from levier.foundation.messaging.channels.mime import Letter, build
from levier.foundation.messaging.channels.mould import Mould
from levier.foundation.messaging.channels.route import Route
from levier.foundation.messaging.channels.smtp import Envelope
from levier.foundation.messaging.enums import Lane
from levier.foundation.messaging.mails.compiled import compiled
from levier.foundation.messaging.mails.prepared import prepared
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.queries.due import Due
from levier.foundation.messaging.queries.progress import progress_of
from levier.foundation.messaging.rules.replies import Verdict
from levier.foundation.people.enums import Purpose
from levier.foundation.people.models.person import ContactPoint

CONNECTIONS = 50
SENT = 20_000  # mails of the race against the bare loop
CLAIMS, ONES = 40, 200  # claims of each size
BATCH = 500
THANKS, PATIENCE = 10, 30.0
SOURCE = "petition:1"

_CROWD = """
INSERT INTO levier_person (organisation_id, uuid, first_name, last_name, honorific, postcode,
    country, language, time_zone, created_at)
SELECT %(organisation)s, gen_random_uuid(), 'Camille', 'Roche', '', '35000', 'FR', '', '', now()
FROM generate_series(1, %(many)s);

INSERT INTO levier_contactpoint (organisation_id, person_id, channel, typed, canonical, state,
    state_reason, created_at)
SELECT organisation_id, id, 'email', address, address, 'ok', '', now()
FROM levier_person, LATERAL (
    SELECT md5(id::text) || '@d' || id %% 50 || '.example' AS address
) AS made;

INSERT INTO levier_consentstate (person_id, channel, purpose, scope, given, at)
SELECT id, 'email', 'petition_news', 'petition:1', true, now() FROM levier_person;

CREATE TABLE bare (person bigint, point bigint, source text, context jsonb, at timestamptz)
"""
_BARE = """
INSERT INTO bare SELECT point.person_id, point.id, 'update:1',
    json_build_object('first_name', person.first_name, 'my_url', point.typed)::jsonb, now()
FROM levier_contactpoint AS point JOIN levier_person AS person ON person.id = point.person_id
"""


def to_a_million(place: Place, many: int, table: Table) -> None:
    """Fill a place with people who agreed to news, then measure."""
    with using(place):
        organisation = Organisation.objects.get()
        print(f"  … {many} personnes sont écrites", flush=True)
        _fill(place, organisation, many)
        news = _news(organisation)
        _audience(place, news, many, table)
        _claims(news, table)
        with _sink() as port:
            _letters(table)
            _race(news, port, place.folder / "banc", min(SENT, many), table)
            _in_front(place, organisation, port, many, table)


def _fill(place: Place, organisation: Organisation, many: int) -> None:
    values = {"organisation": organisation.pk, "many": many}
    with psycopg.connect(place.url, cursor_factory=psycopg.ClientCursor) as opened:
        for statement in _CROWD.split(";\n\n"):
            opened.execute(statement.strip(), values)
    vacuum(place)


def _news(organisation: Organisation, n: int = 1) -> Message:
    return get_message(
        organisation=organisation,
        template="signing/my_link",
        source=SOURCE,
        context={
            "organisation": "Banc",
            "legal_name": "Association du banc",
            "postal_address": f"{n} rue du Banc",
        },
        now=timezone.now(),
        expires_after=timedelta(days=3),
        lane=Lane.BULK,
        purpose=Purpose.PETITION_NEWS,
    )


def _readers() -> QuerySet[ContactPoint, Any]:
    own = JSONObject(first_name=F("person__first_name"), my_url=F("typed"))
    return ContactPoint.objects.values_list("person_id", "pk", own)


def _audience(place: Place, news: Message, many: int, table: Table) -> None:
    """The snapshot of an audience, beside the same rows copied bare."""
    with connection.cursor() as cursor:
        bare = _timed(lambda: cursor.execute(_BARE))
    ours = _timed(
        lambda: queue_set(message=news, readers=_readers(), source="update:1", now=timezone.now())
    )
    vacuum(place)
    _times(table, f"audience de {many}", ours, bare, "INSERT … SELECT nu", 3)


def _claims(news: Message, table: Table) -> None:
    """Claims of five hundred beside claims of one. All go back to the queue at the end."""
    worker = uuid.uuid4()
    rows: list[Due] = []

    def take(size: int, times: int) -> float:
        before, started = len(rows), time.perf_counter()
        for _ in range(times):
            rows.extend(
                claim(lane=Lane.BULK, worker=worker, limit=size, now=timezone.now(), route="x")
            )
        return (len(rows) - before) / (time.perf_counter() - started)

    many = min(CLAIMS, max(1, progress_of(news).queued // BATCH // 2))
    sets, ones = take(BATCH, many), take(1, ONES)
    table.most("prises : millisecondes pour mille", 1_000_000 / sets, 50, "ms")
    table.ratio("prises par cinq cents", sets, ones, "une par une", 20)
    back = [Outcome(delivery=row, verdict=Verdict.UNSENT) for row in rows]
    for start in range(0, len(back), BATCH):
        acknowledge(worker=worker, outcomes=back[start : start + BATCH], now=timezone.now())


def _letters(table: Table) -> None:
    """A mail written from what all share, beside Python's own `EmailMessage`."""
    rows = _some(200)
    envelopes = [_written(row) for row in rows]
    ours = _timed(lambda: [_written(row) for row in rows]) / len(rows)

    def whole(envelope: Envelope) -> bytes:
        message = EmailMessage()
        message["From"], message["To"] = envelope.sender, envelope.recipient
        message["Subject"] = "Votre page personnelle"
        message.set_content("Bonjour,\n" * 20)
        message.add_alternative(envelope.content.decode(errors="replace"), subtype="html")
        return message.as_bytes()

    theirs = _timed(lambda: [whole(one) for one in envelopes]) / len(rows)
    print(f"  … une lettre : {ours * 1e6:,.0f} µs, variables comprises", flush=True)
    table.ratio("lettres (variables comprises)", 1 / ours, 1 / theirs, "EmailMessage", 5)
    mould, words, letter = _mould(rows[0])
    mime = _timed(
        lambda: [
            build(replace(letter, html=mould.fill(words) or b""), eight_bit=True)
            for _ in range(5_000)
        ]
    )
    table.ratio("moule MIME", 5_000 / mime, 1 / theirs, "EmailMessage", 50)


def _mould(row: Due) -> tuple[Mould, list[str], Letter]:
    """What the letters of a message share, and one reader's own words."""
    page = prepared(compiled(row.message.template), shared=row.message.context, own=_own(row))
    subject, words, text = page.fill(_own(row))
    letter = Letter(
        message_id="<d1.x@exemple.fr>",
        sender_name="Banc",
        sender="banc@exemple.fr",
        recipient=row.typed,
        subject=subject,
        text=text,
        html=b"",
        date=timezone.now(),
    )
    return Mould(page.html.shared), words, letter


def _own(row: Due) -> dict[str, Any]:
    return {**row.context, "unsubscribe_url": "https://exemple.fr/desabonnement/"}


def _race(news: Message, port: int, data: Path, many: int, table: Table) -> None:
    """Our sender beside a bare loop that sends the same bytes over as many connections."""
    contents = [_written(row) for row in _some(min(many, 2_000))]
    bare = many / _timed(lambda: uvloop.run(_bare_loop(port, contents, many)))
    ours = _run(lambda: _sending(news, port, data, many))
    table.ratio("envoi, journal et base compris", ours, bare, "boucle SMTP nue", 0.7)


async def _bare_loop(port: int, contents: list[Envelope], many: int) -> None:
    left = iter(range(many))

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()
        writer.write(b"EHLO bare\r\n")
        while not (await reader.readline()).startswith(b"250 "):
            pass
        for n in left:
            mail = contents[n % len(contents)]
            writer.write(
                f"MAIL FROM:<{mail.sender}>\r\nRCPT TO:<{mail.recipient}>\r\nDATA\r\n".encode()
            )
            for _ in range(3):
                await reader.readline()
            writer.write(mail.content + b".\r\n")
            await reader.readline()
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


async def _sending(news: Message, port: int, data: Path, many: int) -> float:
    """Mails per second, from the first acknowledged to the last."""
    worker, stop = uuid.uuid4(), asyncio.Event()
    sender = LaneSender(
        lane=Lane.BULK,
        worker=worker,
        route=Route(host="127.0.0.1", port=port),
        connections=CONNECTIONS,
        journal=Journal(data, worker),
    )
    running = asyncio.create_task(sender.run(stop))
    first, started = await _handed(news, 1)
    done, last = await _handed(news, many)
    stop.set()
    await running
    return (done - first) / (last - started)


async def _handed(news: Message, many: int) -> tuple[int, float]:
    """Wait for that many; how many there are then, and when."""
    for _ in range(100_000):
        done = (await asyncio.to_thread(progress_of, news)).handed
        if done >= many:
            break
        await asyncio.sleep(0.1)
    return done, time.perf_counter()


def _in_front(place: Place, organisation: Organisation, port: int, many: int, table: Table) -> None:
    """A thank-you while a million news leave."""
    queue_set(
        message=_news(organisation, 2), readers=_readers(), source="update:2", now=timezone.now()
    )
    place.environment["LEVIER_EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    place.environment["DATABASE_URL"] = place.url
    answer = get_message(
        organisation=organisation,
        template="signing/my_link",
        source=SOURCE,
        context=_news(organisation).context,
        now=timezone.now(),
        expires_after=timedelta(days=1),
    )
    waits = []
    with place.worker():
        _until(Delivery.objects.filter(source="update:2", state="handed").exists)
        for n, point in enumerate(ContactPoint.objects.order_by("pk")[:THANKS]):
            asked = timezone.now()
            own = {"first_name": "Camille", "my_url": "https://exemple.fr/moi/"}
            reader = Recipient(
                person=point.person_id, contact_point=point.pk, source=f"banc:{n}", context=own
            )
            queue(message=answer, recipients=[reader], now=asked)
            waits.append(_left_after(f"banc:{n}", asked))
    table.most(f"merci devant {many} nouvelles", max(waits) * 1_000, 5_000, "ms")


def _left_after(source: str, asked: datetime) -> float:
    row = Delivery.objects.filter(source=source, finished_at__isnull=False)
    _until(row.exists)
    return ((row.get().finished_at or asked) - asked).total_seconds()


def _until(found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not found():
        if time.monotonic() > deadline:
            sys.exit("bench : rien n’est parti.")
        time.sleep(0.02)


def _some(many: int) -> list[Due]:
    """Deliveries as a claim gives them, given back at once."""
    worker = uuid.uuid4()
    rows = claim(lane=Lane.BULK, worker=worker, limit=many, now=timezone.now(), route="x")
    back = [Outcome(delivery=row, verdict=Verdict.UNSENT) for row in rows]
    acknowledge(worker=worker, outcomes=back, now=timezone.now())
    return rows


def _written(row: Due) -> Envelope:
    return write_letter(delivery=row, eight_bit=True, now=timezone.now())


@contextmanager
def _sink() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)])
    try:
        time.sleep(1)
        yield port
    finally:
        process.terminate()
        process.wait()


def _run(work: Callable[[], Coroutine[Any, Any, float]]) -> float:
    return float(uvloop.run(work()))


def _timed(gesture: Callable[[], object]) -> float:
    started = time.perf_counter()
    gesture()
    return time.perf_counter() - started


def _times(table: Table, what: str, value: float, reference: float, name: str, goal: float) -> None:
    """A time that must stay under so many times another."""
    table.add(
        Line(
            what=what,
            measured=f"{value:,.1f} s".replace(",", " "),
            reference=f"{reference:,.1f} s ({name})".replace(",", " "),
            ratio=f"× {value / reference:.2f}",
            goal=f"≤ × {goal:g}",
            reached=value / reference <= goal,
        )
    )
