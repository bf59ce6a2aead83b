"""Adding to an organisation's log. Nothing is ever changed or removed in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry, TreeHead, leaf_hash, next_link
from levier.foundation.ledger.rules import canonical_json, withdrawal_leaf


@transaction.atomic
def append_leaves(
    *, scope: int, kind: EntryKind, leaves: Sequence[bytes], now: datetime
) -> list[Entry]:
    """Append leaves in the given order. Locks the log's head until the transaction ends.

    Whoever also locks a tally locks it first: every writer takes tallies, then heads.
    """
    TreeHead.objects.bulk_create([TreeHead(scope=scope)], ignore_conflicts=True)
    head = TreeHead.objects.select_for_update().get(pk=scope)
    size, link, entries = head.size, bytes(head.chain_hash), []
    for leaf in leaves:
        hashed = leaf_hash(leaf)
        size, link = size + 1, next_link(link, hashed)
        entry = Entry(
            scope=scope, seq=size, kind=kind, leaf=leaf, leaf_hash=hashed, chain_hash=link, at=now
        )
        entries.append(entry)
    Entry.objects.bulk_create(entries)
    TreeHead.objects.filter(pk=scope).update(size=size, chain_hash=link)
    return entries


def append_audit(*, scope: int, body: Mapping[str, Any], by: int | None, now: datetime) -> Entry:
    """What somebody did at the desk: identifiers and figures only, never a name or an address.

    `by` is the user's id, None for the machine itself.
    """
    leaf = canonical_json({**body, "by": by, "at": now.isoformat()})
    return append_leaves(scope=scope, kind=EntryKind.AUDIT, leaves=[leaf], now=now)[0]


def append_withdrawal(*, scope: int, petition: UUID, number: int, now: datetime) -> Entry:
    """That the holder of a number withdrew, so that the count can be explained for ever."""
    leaf = withdrawal_leaf(petition=petition, number=number, at=now)
    return append_leaves(scope=scope, kind=EntryKind.WITHDRAWAL, leaves=[leaf], now=now)[0]
