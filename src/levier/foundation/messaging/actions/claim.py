import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from levier.foundation.messaging.actions.press import press
from levier.foundation.messaging.actions.route_budget import budgeted
from levier.foundation.messaging.enums import DeliveryState, Hold, Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.route import DomainPace, RouteState
from levier.foundation.messaging.queries.due import Due, due_messages, due_rows
from levier.foundation.messaging.queries.refusals import refused_among
from levier.foundation.messaging.rules.pace import Wait, waits
from levier.foundation.messaging.rules.quiet_hours import opens_at
from levier.foundation.people.enums import REACHABLE, ContactState

GONE = "adresse injoignable ou personne effacée"
REFUSED = "adresse retirée des envois"
NO_CONSENT = "pas d’accord en vigueur"
NEVER = "plafond de messages réglé à zéro"
TOO_MANY = "assez de messages ces derniers jours"
BEFORE = "remis avant la restauration de la sauvegarde"
LONGEST_HELD = timedelta(hours=48)  # by the cap (U32)
ROUNDS = 5  # looks at the queue when most of what is found must not leave

_TAKE = """
UPDATE levier_delivery SET state = 'claimed', claimed_by = %s, claimed_at = %s, held_for = '',
    counted = true
WHERE id = ANY (%s::bigint[])
"""
_HOLD = """
UPDATE levier_delivery AS d SET not_before = least(o.until, d.expires_at), held_for = o.hold,
    held_since = CASE WHEN d.held_for = o.hold THEN d.held_since ELSE %s END
FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS o (id, until, hold) WHERE d.id = o.id
"""

Ends = dict[int, tuple[str, str]]  # delivery → its state and why
Waits = dict[int, Wait]


@transaction.atomic
def claim(
    *, lane: str, worker: uuid.UUID, limit: int, now: datetime, route: str = "", per_minute: int = 0
) -> list[Due]:
    """Take up to `limit` deliveries that are due, for this worker and nobody else (J15).

    Expiry, the state of the address, suppressions, consent, quiet hours, the pace of the domain
    and the cap are judged again here, on what is committed now (J2): what must not leave is
    closed, with its reason; what must not leave yet waits, with its reason. Nothing is taken of a
    message that is not running (U29), nor by a route that is stopped (J21).
    """
    if RouteState.objects.filter(route=route, lane=lane, stopped_at__isnull=False).exists():
        return []
    with budgeted(route=route, lane=lane, per_minute=per_minute, limit=limit, now=now) as budget:
        taken = _answers(budget.most, now) if lane == Lane.TRANSACTIONAL else []
        if lane != Lane.TRANSACTIONAL:
            taken = _news(lane, budget.most, now)
        budget.spent = len(taken)
    if taken:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [worker, now, [row.pk for row in taken]])
    return taken


def _answers(limit: int, now: datetime) -> list[Due]:
    return _again(limit, lambda left: due_rows(lane=Lane.TRANSACTIONAL, limit=left, now=now), now)


def _news(lane: str, limit: int, now: datetime) -> list[Due]:
    """From one message after the other: what all its readers share is judged once."""
    running, cancelled = due_messages(lane=lane, now=now)
    if cancelled:
        Delivery.objects.filter(
            message__in=cancelled, lane=lane, state=DeliveryState.QUEUED
        ).update(state=DeliveryState.CANCELLED, finished_at=now)
    taken: list[Due] = []
    for message in running:
        if len(taken) < limit:

            def look(left: int, message: int = message) -> list[Due]:
                return due_rows(lane=lane, limit=left, now=now, message=message)

            taken += _again(limit - len(taken), look, now)
    return taken


def _again(limit: int, look: Callable[[int], list[Due]], now: datetime) -> list[Due]:
    """Look until half of what was asked may leave, or nothing more is due."""
    taken: list[Due] = []
    for _ in range(ROUNDS):
        asked = limit - len(taken)
        rows = look(asked) if asked > 0 else []
        if rows:
            taken += _judged(rows, now)
        if len(rows) < asked or len(taken) * 2 >= limit:
            break
    return taken


def _judged(rows: list[Due], now: datetime) -> list[Due]:
    """Those that may leave now. The others are closed, or wait."""
    ends = _ends(rows)
    alive = [row for row in rows if row.pk not in ends]
    held = _quiet(alive, now)
    held |= _paced([row for row in alive if row.pk not in held], now)
    ready = _one_each([row for row in alive if row.pk not in held])
    held |= _capped(ready, now)
    over = {pk for pk, wait in held.items() if wait.until <= now}
    ends |= dict.fromkeys(over, (DeliveryState.EXPIRED, TOO_MANY))
    _close(ends, now)
    _hold([(row, held[row.pk]) for row in alive if row.pk in held.keys() - over], now)
    return [row for row in ready if row.pk not in held]


def _ends(rows: list[Due]) -> Ends:
    """Those that will never leave, and why."""
    refused = refused_among(rows)
    found = {row.pk: _end(row, refused=row.pk in refused) for row in rows}
    return {pk: end for pk, end in found.items() if end is not None}


def _end(row: Due, *, refused: bool) -> tuple[str, str] | None:
    if row.is_over:
        return DeliveryState.EXPIRED, TOO_MANY if row.held_for == Hold.CAP else ""
    if row.handed_before:
        return DeliveryState.HANDED, BEFORE
    reasons = {
        GONE: not (row.is_here and _is_reachable(row)),
        REFUSED: refused,
        NO_CONSENT: not row.agreed,
        NEVER: row.policy.cap == 0 and row.lane != Lane.TRANSACTIONAL,
    }
    why = next((reason for reason, holds in reasons.items() if holds), None)
    return None if why is None else (DeliveryState.SUPPRESSED, why)


def _is_reachable(row: Due) -> bool:
    """An address that waits for its mailbox's word is asked for it, and told nothing else."""
    if row.point_state == ContactState.PENDING:
        return row.source.startswith(f"contact:{row.contact_point_id}:")
    return row.point_state in REACHABLE


def _quiet(rows: Iterable[Due], now: datetime) -> Waits:
    """Those whose reader sleeps (J47)."""
    found: Waits = {}
    for row in rows:
        zones = (row.time_zone, row.message.organisation.time_zone)
        opening = opens_at(policy=row.policy, lane=row.lane, zones=zones, now=now)
        if opening > now:
            found[row.pk] = Wait(opening, Hold.QUIET)
    return found


def _paced(rows: Iterable[Due], now: datetime) -> Waits:
    """Those whose domain asked us to slow down (J19)."""
    by_domain: dict[str, list[Due]] = defaultdict(list)
    for row in rows:
        by_domain[row.domain].append(row)
    slow = DomainPace.objects.select_for_update().filter(domain__in=by_domain)
    found: Waits = {}
    for pace in slow.order_by("domain"):
        theirs = by_domain[pace.domain]
        had = [row.held_for == Hold.PACE for row in theirs]
        told = zip(theirs, waits(pace, had_their_hour=had, now=now), strict=True)
        found |= {row.pk: wait for row, wait in told if wait is not None}
        pace.save(update_fields=["next_slot"])
    return found


def _one_each(rows: list[Due]) -> list[Due]:
    """One mail at a time to a person, so that each is counted before the next is judged; what
    answers gestures does not wait for that."""
    seen: set[int] = set()
    ready = []
    for row in rows:
        if row.lane == Lane.TRANSACTIONAL or row.card not in seen:
            ready.append(row)
        seen.add(row.card)
    return ready


def _capped(rows: Iterable[Due], now: datetime) -> Waits:
    """Those who were written to enough (J43), until there is room again or for two days."""
    by_policy: dict[int, list[Due]] = defaultdict(list)
    for row in rows:
        by_policy[row.message.organisation_id].append(row)
    found: Waits = {}
    for _, theirs in sorted(by_policy.items()):
        full = press(rows=theirs, lane=theirs[0].lane, policy=theirs[0].policy, now=now)
        for row in theirs:
            if row.card in full and not row.counted:
                held = timedelta(seconds=row.held_during or 0) * (row.held_for == Hold.CAP)
                found[row.pk] = Wait(min(full[row.card], now - held + LONGEST_HELD), Hold.CAP)
    return found


def _close(ends: Ends, now: datetime) -> None:
    """In one statement per state and reason, of which there are few."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for pk, end in ends.items():
        groups[end].append(pk)
    for (state, reason), pks in groups.items():
        Delivery.objects.filter(pk__in=pks).update(state=state, last_reply=reason, finished_at=now)


def _hold(rows: list[tuple[Due, Wait]], now: datetime) -> None:
    """Looked at again later, and at their end at the latest."""
    if not rows:
        return
    columns: list[Any] = [
        [row.pk for row, _ in rows],
        [wait.until for _, wait in rows],
        [str(wait.hold) for _, wait in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [now, *columns])
