"""What replies say of addresses and of domains, written set-wise in the acknowledgement."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone

from levier.foundation.messaging.actions.weigh_addresses import weigh_addresses
from levier.foundation.messaging.enums import AT_LEAST_ONCE, DomainOutcome, EventKind
from levier.foundation.messaging.models.delivery import Delivery, DeliveryEvent
from levier.foundation.messaging.models.route import DomainPace
from levier.foundation.messaging.queries.due import Due
from levier.foundation.messaging.rules.pace import eased, slowed
from levier.foundation.messaging.rules.replies import Verdict
from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.enums import REACHABLE, ActivityKind, ContactState
from levier.foundation.people.models.person import ContactPoint

Told = tuple[Due | Delivery, Verdict, str]

PROVIDER = "smtp"
REPLY_LENGTH = 300
EVENTS = {
    Verdict.DEAD_ADDRESS: EventKind.HARD_BOUNCE,
    Verdict.FULL_MAILBOX: EventKind.SOFT_BOUNCE,
    Verdict.REFUSED: EventKind.REJECTED,
}
MARKS = {Verdict.DEAD_ADDRESS: ContactState.HARD}
# One that waits, was replaced or blocked is not made reachable by a reply.
MARKABLE = REACHABLE | {ContactState.HARD}
COUNTED = {
    Verdict.HANDED: DomainOutcome.HANDED,
    Verdict.RETRY: DomainOutcome.DEFERRED,
    Verdict.DOMAIN: DomainOutcome.DEFERRED,
    Verdict.ROUTE: DomainOutcome.DEFERRED,
    Verdict.POLICY: DomainOutcome.POLICY,
    Verdict.DEAD_ADDRESS: DomainOutcome.BOUNCED,
    Verdict.FULL_MAILBOX: DomainOutcome.BOUNCED,
    Verdict.REFUSED: DomainOutcome.REFUSED,
    Verdict.LOST: DomainOutcome.UNKNOWN,
}

# In the order of the key, so that two senders that count the same domains wait in turn.
_COUNT = """
INSERT INTO levier_domaintally AS known
    (organisation_id, day, domain, outcome, n, last_reply, last_at)
SELECT organisation, %s, domain, outcome, n, reply, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::text[])
    AS told (organisation, domain, outcome, n, reply)
ORDER BY organisation, domain, outcome
ON CONFLICT (organisation_id, day, domain, outcome) DO UPDATE SET n = known.n + excluded.n,
    last_reply = excluded.last_reply, last_at = excluded.last_at
"""


def learn(told: Sequence[Told], now: datetime) -> None:
    """A dead address is marked, and told as an activity (J7, P35); a domain that asks for it is
    slowed, and let go again while it takes mail (J19); all are counted for the day."""
    refused = [one for one in told if one[1] in EVENTS]
    if refused:
        _record(refused, now)
        _mark(refused)
        _weigh(refused, now)
        _tell([one for one in refused if one[1] is Verdict.DEAD_ADDRESS], now)
    _pace(told, now)
    count_outcomes(
        [
            (row.message.organisation_id, row.domain, COUNTED[verdict], reply)
            for row, verdict, reply in told
            if verdict in COUNTED and not (verdict is Verdict.LOST and row.lane in AT_LEAST_ONCE)
        ],
        now=now,
    )


def count_outcomes(rows: Sequence[tuple[int, str, str, str]], *, now: datetime) -> None:
    """Add to the day's figures of each domain. Rows are (organisation id, domain, outcome of
    `DomainOutcome`, words of the server)."""
    numbers = Counter((organisation, domain, outcome) for organisation, domain, outcome, _ in rows)
    words = {(one, domain, outcome): reply for one, domain, outcome, reply in rows}
    if not numbers:
        return
    columns = zip(
        *((*key, n, words[key][:REPLY_LENGTH]) for key, n in numbers.items()), strict=True
    )
    day = timezone.localdate(now)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [day, now, *map(list, columns)])


def _record(refused: Sequence[Told], now: datetime) -> None:
    DeliveryEvent.objects.bulk_create(
        [
            DeliveryEvent(
                provider=PROVIDER,
                event_id=f"{row.pk}:{row.attempts + 1}",
                delivery_id=row.pk,
                kind=EVENTS[verdict],
                reply=reply[:REPLY_LENGTH],
                at=now,
            )
            for row, verdict, reply in refused
        ],
        ignore_conflicts=True,
    )


def _mark(refused: Sequence[Told]) -> None:
    """The address, not the person (J7)."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, verdict, reply in refused:
        if verdict in MARKS:
            groups[MARKS[verdict], reply[:REPLY_LENGTH]].append(row.contact_point_id)
    for (state, reason), points in sorted(groups.items()):
        theirs = ContactPoint.objects.filter(pk__in=points, state__in=MARKABLE)
        theirs.update(state=state, state_reason=reason)


def _weigh(refused: Sequence[Told], now: datetime) -> None:
    """A full mailbox counts among the soft bounces of its address: three make it dead (J25)."""
    fresh = {
        row.contact_point_id: {EventKind.SOFT_BOUNCE.value: reply[:REPLY_LENGTH]}
        for row, verdict, reply in refused
        if verdict is Verdict.FULL_MAILBOX
    }
    if fresh:
        weigh_addresses(fresh=fresh, now=now)


def _tell(dead: Sequence[Told], now: datetime) -> None:
    groups: dict[int, list[tuple[int | None, str, dict[str, object] | None]]] = defaultdict(list)
    for row, _, reply in dead:
        data: dict[str, object] = {"source": row.source, "reply": reply[:REPLY_LENGTH]}
        groups[row.message.organisation_id].append((row.person_id, f"delivery:{row.pk}", data))
    for organisation, rows in groups.items():
        record_activities(
            organisation_id=organisation, kind=ActivityKind.BOUNCED, at=now, rows=rows
        )


def _pace(told: Sequence[Told], now: datetime) -> None:
    slow = {row.domain: reply for row, verdict, reply in told if verdict is Verdict.DOMAIN}
    taken = Counter(row.domain for row, verdict, _ in told if verdict is Verdict.HANDED)
    kept = DomainPace.objects.select_for_update().filter(domain__in={*slow, *taken})
    known = {pace.domain: pace for pace in kept.order_by("domain")}
    for domain, reply in sorted(slow.items()):
        pace = slowed(known.get(domain), domain=domain, reply=reply[:REPLY_LENGTH], now=now)
        if domain in known:
            pace.save()
        else:
            DomainPace.objects.bulk_create([pace], ignore_conflicts=True)
    for domain in sorted(taken.keys() & known.keys() - slow.keys()):
        if eased(known[domain], taken=taken[domain], now=now):
            known[domain].save(update_fields=["rate", "refusals", "at"])
        else:
            known[domain].delete()
