import hashlib

import pgtrigger
from django.db import models

from levier.foundation.ledger.enums import EntryKind

HASH_BYTES = 32
START = bytes(HASH_BYTES)  # what the first link of a chain is made over


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 9162 §2.1.1: SHA-256(0x00 ‖ leaf), so that a Merkle tree can be built over leaves."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def next_link(previous: bytes, hashed: bytes) -> bytes:
    """The chain's next hash: SHA-256(previous ‖ leaf hash)."""
    return hashlib.sha256(previous + hashed).digest()


class Entry(models.Model):
    """One leaf of an organisation's log, and one link of its chain.

    `leaf` is the exact bytes attested. For a signature they hold no personal data (a salted
    commitment); for an audit entry they are canonical JSON. `leaf_hash` is SHA-256(0x00 ‖ leaf),
    the leaf hash of RFC 9162 §2.1.1, so that a Merkle tree can be built over (scope, seq).
    `chain_hash` is SHA-256(previous chain_hash ‖ leaf_hash), the first one over 32 zero bytes.
    """

    pk = models.CompositePrimaryKey("scope", "seq")
    scope = models.BigIntegerField()  # the organisation's id; this package stands below it
    seq = models.BigIntegerField()  # contiguous from 1 in each scope
    kind = models.SmallIntegerField(choices=EntryKind.choices)
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=HASH_BYTES)
    chain_hash = models.BinaryField(max_length=HASH_BYTES)
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="entry_seq_from_1"),
            models.CheckConstraint(
                condition=models.Q(kind__in=EntryKind.values), name="entry_kind_known"
            ),
        ]


class TreeHead(models.Model):
    """How far an organisation's log goes, and the chain's last hash. Locked by every append."""

    scope = models.BigIntegerField(primary_key=True)
    size = models.BigIntegerField(default=0)
    chain_hash = models.BinaryField(max_length=HASH_BYTES, default=bytes(HASH_BYTES))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(size__gte=0), name="treehead_size_not_negative"
            )
        ]
