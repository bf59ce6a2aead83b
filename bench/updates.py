"""News to everybody who signed: the audience beside a bare INSERT … SELECT, its count beside its
writing, all at once beside one by one."""

import json
import time
import uuid
from collections.abc import Callable
from statistics import median

from django.db import connection, transaction
from django.utils import timezone

from bench.people import using
from bench.people_seed import people, vacuum
from bench.place import Place
from bench.table import Line, Table
from levier.foundation.messaging.models.delivery import Delivery
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.actions.publish import publish
from levier.gathering.updates.actions.queue_audience import queue_audience
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.audience import audience_of, dry_count

ROUNDS = 3
CONTEXT = {"first_name": "Camille", "signed_on": "3 mars 2026", "answer_url": "x" * 110}
ONE_BY_ONE = 2_000  # rows of the slow way: enough for its rate
# The same rows without any judgement, from a table that holds nothing else.
_BARE = """
INSERT INTO levier_delivery (message_id, person_id, contact_point_id, source, ordinal, lane, state,
    context, not_before, expires_at, held_for, counted, attempts, last_reply, created_at)
SELECT %(message)s, person, point, %(source)s, 0, 'bulk', 'queued', context, now(), now(), '',
    false, 0, '', now()
FROM known
"""


def of_a_million(place: Place, petition: Petition, many: int, table: Table) -> None:
    """Fill a place, then measure; each round is rolled back."""
    people(place, petition, many)
    vacuum(place)
    with using(place):
        found = Petition.objects.select_related("campaign__organisation").get(pk=petition.pk)
        update = _published(found)
        receives = dry_count(update, at=timezone.now()).receives
        print(f"  … {receives} personnes sur {many}", flush=True)
        _know(update)
        bare = _middle(lambda: _write_bare(update))
        ours = _middle(lambda: _write(update))
        counting = _middle(lambda: dry_count(update, at=timezone.now()))
        name = "INSERT … SELECT nu"
        _times(table, f"audience de {receives} écrite", ours, (bare, name), 3)
        _times(table, "décompte à blanc", counting, (ours, "envoi préparé"), 1.1)
        _rates(table, receives / ours, _one_by_one(update))


def _published(petition: Petition) -> Update:
    """News that appeared, its mails not written yet."""
    now = timezone.now()
    update = Update.objects.create(
        petition=petition, kind="testimony", title="Des nouvelles du banc",
        body="<p>Il avance.</p>" * 20, photo="images/" + "0" * 32 + ".jpg", photo_alt="Un banc",
        author=petition.author, edited_by=petition.author, edited_at=now, created_at=now,
    )  # fmt: skip
    Ask.objects.create(update=update, kind="testify", label="Raconter")
    publish(update=update, by=petition.author, now=now)
    return Update.objects.select_related("message", "petition__campaign__organisation").get(
        pk=update.pk
    )


def _know(update: Update) -> None:
    """Keep who gets it, with the context they have."""
    chosen = audience_of(update, at=timezone.now()).values_list("person", "contact_point")
    query, values = chosen.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE known AS SELECT person, point, %s::jsonb AS context"
            f" FROM ({query}) AS one (person, point)",
            [json.dumps(CONTEXT), *values],
        )
        cursor.execute("ANALYZE known")


def _write(update: Update) -> None:
    Update.objects.filter(pk=update.pk).update(recipients=None)
    queue_audience(update=update.pk, now=timezone.now())


def _write_bare(update: Update) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BARE, {"message": update.message_id, "source": f"bare:{uuid.uuid4()}"})


def _one_by_one(update: Update) -> float:
    """Rows in a second, one statement for each."""
    readers = audience_of(update, at=timezone.now()).values_list("person", "contact_point")
    rows = list(readers.order_by("pk")[:ONE_BY_ONE])
    message, now = update.message, timezone.now()
    if message is None:
        raise RuntimeError("nothing was published")
    started = time.perf_counter()
    with transaction.atomic():
        for person, point in rows:
            Delivery.objects.create(
                message=message, person_id=person, contact_point_id=point, source="one-by-one",
                lane=message.lane, context=CONTEXT, not_before=now,
                expires_at=now + message.expires_after, created_at=now,
            )  # fmt: skip
        transaction.set_rollback(True)
    return len(rows) / (time.perf_counter() - started)


def _middle(gesture: Callable[[], object]) -> float:
    """Seconds, the middle of the rounds; what was written is rolled back."""
    taken = []
    for _ in range(ROUNDS):
        with transaction.atomic():
            started = time.perf_counter()
            gesture()
            taken.append(time.perf_counter() - started)
            transaction.set_rollback(True)
    return median(taken)


def _times(
    table: Table, what: str, value: float, reference: tuple[float, str], goal: float
) -> None:
    seconds, name = reference
    table.add(
        Line(
            what=what,
            measured=f"{value:.2f} s",
            reference=f"{seconds:.2f} s ({name})",
            ratio=f"× {value / seconds:.2f}",
            goal=f"≤ × {goal:g}",
            reached=value / seconds <= goal,
        )
    )


def _rates(table: Table, ours: float, slow: float) -> None:
    table.add(
        Line(
            what="envoi préparé d’un coup",
            measured=f"{ours:,.0f}/s".replace(",", " "),
            reference=f"{slow:,.0f}/s (ligne par ligne)".replace(",", " "),
            ratio=f"× {ours / slow:.1f}",
            goal="≥ × 20",
            reached=ours / slow >= 20,
        )
    )
