"""Addresses that refuse what is about to leave, found by their keyed hash."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from levier.foundation.messaging.queries.due import Due
from levier.foundation.people.enums import Channel, ContactState
from levier.foundation.people.rules import canonical_email, is_refused, suppression_hmac

_REFUSALS = """
SELECT canonical_hmac, reason, scope FROM levier_suppression
WHERE organisation_id = ANY (%s::bigint[]) AND channel = 'email'
    AND canonical_hmac = ANY (%s::bytea[])
"""


def refused_among(rows: Sequence[Due]) -> set[int]:
    """Deliveries whose address refuses everything, or what concerns this message's source."""
    hashes = {
        row.pk: suppression_hmac(row.message.organisation_id, Channel.EMAIL, _compared(row))
        for row in rows
        if row.typed
    }
    organisations = {row.message.organisation_id for row in rows}
    found: dict[bytes, list[tuple[str, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_REFUSALS, [list(organisations), list(hashes.values())])
        for hmac, reason, scope in cursor.fetchall():
            found[bytes(hmac)].append((reason, scope))
    if not found:
        return set()
    return {
        row.pk
        for row in rows
        if any(
            is_refused(
                reason=reason, scope=scope, purpose=row.message.purpose, source=row.message.source
            )
            for reason, scope in found.get(hashes.get(row.pk, b""), ())
        )
    }


def _compared(row: Due) -> str:
    """What an address is compared by, also while it waits to be somebody's."""
    return canonical_email(row.typed) if row.point_state == ContactState.PENDING else row.canonical
