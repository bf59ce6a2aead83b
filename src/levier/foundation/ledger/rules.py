"""The log's format: leaves, hashes, commitments. Pure functions; see docs/decisions/11.

Nothing here needs Levier: whoever holds the rows can check them with SHA-256 and JSON alone.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import HASH_BYTES

FORMAT = 1
SALT_BYTES = 16
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def canonical_json(value: Mapping[str, Any]) -> bytes:
    """UTF-8, keys sorted, no spaces: the same bytes for the same facts."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def commitment(salt: bytes, facts: Mapping[str, str]) -> bytes:
    """32 bytes that bind to the facts and, once the salt is deleted, tell nothing of them."""
    return hashlib.sha256(salt + canonical_json(facts)).digest()


def opens(leaf: bytes, *, salt: bytes, facts: Mapping[str, str]) -> bool:
    """Whether a signature's leaf was made over these facts with this salt."""
    return leaf[1] == EntryKind.SIGNATURE and leaf[-HASH_BYTES:] == commitment(salt, facts)


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970, rounded down, without a float on the way."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def _int8(value: int) -> bytes:
    return value.to_bytes(8, "big", signed=True)


def leaf_head(kind: EntryKind, petition: UUID) -> bytes:
    """The first 18 bytes of a leaf about a petition: format, kind, petition."""
    return bytes((FORMAT, kind)) + petition.bytes


def signature_leaf(*, petition: UUID, number: int, at: datetime, committed: bytes) -> bytes:
    """The 66 bytes attesting that a number was given, and to whom, without saying to whom."""
    head = leaf_head(EntryKind.SIGNATURE, petition)
    return head + _int8(number) + _int8(milliseconds(at)) + committed


def withdrawal_leaf(*, petition: UUID, number: int, at: datetime) -> bytes:
    """The 34 bytes attesting that the holder of a number withdrew."""
    head = leaf_head(EntryKind.WITHDRAWAL, petition)
    return head + _int8(number) + _int8(milliseconds(at))
