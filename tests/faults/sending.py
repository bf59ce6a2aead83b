"""News to a crowd, sent by workers in processes of their own that may be killed."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.db.models import JSONField, Value
from django.utils import timezone

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.queue_set import queue_set
from levier.foundation.messaging.enums import Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.queries.progress import Progress, progress_of
from levier.foundation.people.enums import Purpose
from levier.foundation.people.models.person import ContactPoint
from tests.database import TestDatabase
from tests.foundation.messaging.conftest import make_message
from tests.foundation.messaging.server import Server

CONNECTIONS = 5

_CROWD = """
WITH made AS (
    INSERT INTO levier_person (organisation_id, uuid, first_name, last_name, honorific, postcode,
        country, language, time_zone, created_at)
    SELECT %(organisation)s, gen_random_uuid(), 'Camille', 'Roche', '', '', '', '', '', now()
    FROM generate_series(1, %(many)s) RETURNING id
), point AS (
    INSERT INTO levier_contactpoint (organisation_id, person_id, channel, typed, canonical, state,
        state_reason, created_at)
    SELECT %(organisation)s, id, 'email', address, address, 'ok', '', now()
    FROM made, LATERAL (SELECT 'p' || id || '@d' || id %% 7 || '.example' AS address) AS a
)
INSERT INTO levier_consentstate (person_id, channel, purpose, scope, given, at)
SELECT id, 'email', 'petition_news', 'petition:1', true, now() FROM made
"""


def news_to(organisation: Organisation, many: int, source: str = "update:1") -> Message:
    """A crowd that agreed to them, and their news in the queue."""
    with connection.cursor() as cursor:
        cursor.execute(_CROWD, {"organisation": organisation.pk, "many": many})
    message = make_message(organisation, Lane.BULK, Purpose.PETITION_NEWS)
    own = Value({"first_name": "Camille", "my_url": "https://exemple.fr/moi/"}, JSONField())
    readers = ContactPoint.objects.order_by("pk").values_list("person_id", "pk", own)
    queue_set(message=message, readers=readers, source=source, now=timezone.now())
    return message


@contextmanager
def worker(
    database: TestDatabase, server: Server, data: Path, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on a machine whose disk is `data`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "levier.project.worker"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "levier.project.settings",
            "DATABASE_URL": database.url,
            "LEVIER_DATA": str(data),
            "LEVIER_EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
            "LEVIER_SMTP_CONNECTIONS": str(CONNECTIONS),
            **more,
        },
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def is_over(message: Message) -> bool:
    """Whether nothing of it waits any more."""
    progress = progress_of(message)
    return progress.audience > 0 and progress.waiting == 0


def check_each_once(message: Message, server: Server) -> Progress:
    """Nobody twice, nobody lost: whoever was not handed it is unknown, and at most one for each
    connection there was."""
    progress, received = progress_of(message), Counter(server.recipients)
    assert [address for address, n in received.items() if n > 1] == []
    handed = Delivery.objects.filter(message=message, state="handed")
    addresses = set(handed.values_list("contact_point__typed", flat=True))
    assert addresses <= set(received)
    assert progress.handed + progress.unknown == progress.audience
    assert progress.unknown <= CONNECTIONS
    return progress


def own_backend() -> int:
    """The test's own connection to the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int((cursor.fetchone() or (0,))[0])
