"""A batch as its statements want it: rows of JSON, parsed once by PostgreSQL."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from levier.foundation.common.typography import shown_name
from levier.foundation.ledger.rules import SALT_BYTES, commitment, milliseconds
from levier.foundation.people.rules import canonical_phone
from levier.gathering.signing.enums import HoldReason
from levier.gathering.signing.intake.rows import SignatureInput
from levier.gathering.signing.rules import new_code, signature_facts


@dataclass(slots=True)
class Waiting:
    """A signature on its way to the database, with what was drawn for it."""

    row: SignatureInput
    code: str
    salt: bytes
    held: str = HoldReason.NONE

    @classmethod
    def of(cls, row: SignatureInput) -> "Waiting":
        """Draw its code and its salt; a filled trap holds it from the start (P69)."""
        held = HoldReason.HONEYPOT if row.trapped else row.hold
        return cls(row, new_code(), os.urandom(SALT_BYTES), held)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Parameters of every statement, and which parts the batch needs."""

    parameters: dict[str, str]
    parts: frozenset[str]


def prepare(batch: Sequence[Waiting], *, now: datetime) -> Prepared:
    """Turn a batch into parameters. The order of the batch is the order of the numbers."""
    lists = {"agreed": _agreed(batch), "comments": _comments(batch), "phones": _phones(batch)}
    petitions = {waiting.row.petition for waiting in batch}
    organisations = {waiting.row.organisation for waiting in batch}
    parameters = {
        "now": now.isoformat(),
        "milliseconds": str(milliseconds(now)),
        "petitions": _array(petitions),
        "organisations": _array(organisations),
        "people": _json([_person(o, waiting) for o, waiting in enumerate(batch)]),
        "rows": _json([_signature(o, waiting) for o, waiting in enumerate(batch)]),
        **{name: _json(rows) for name, rows in lists.items()},
    }
    parts = {"agreed": "consents", "comments": "comments", "phones": "phones"}
    return Prepared(parameters, frozenset(parts[name] for name, rows in lists.items() if rows))


def _person(o: int, waiting: Waiting) -> dict[str, Any]:
    row = waiting.row
    return {
        "o": o,
        "organisation": row.organisation,
        "email": row.canonical,
        "typed": row.email,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "postcode": row.postcode,
        "country": row.country,
    }


def _signature(o: int, waiting: Waiting) -> dict[str, Any]:
    row = waiting.row
    facts = signature_facts(
        email=row.canonical,
        first_name=row.first_name,
        last_name=row.last_name,
        postcode=row.postcode,
        country=row.country,
        petition=row.petition_uuid,
    )
    return {
        "o": o,
        "petition": row.petition,
        "organisation": row.organisation,
        "email": row.canonical,
        "typed": row.email,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "postcode": row.postcode,
        "country": row.country,
        "show_name": row.show_name,
        "source": row.source.value,
        "code": waiting.code,
        "ref": row.ref or None,
        "salt": _hex(waiting.salt),
        "committed": _hex(commitment(waiting.salt, facts)),
        "network": _hex(row.network) if row.network is not None else None,
        "held": str(waiting.held),
        "extra": row.extra or None,
        **({"source_code": row.source_code} if row.source_code else {}),
    }


def _agreed(batch: Sequence[Waiting]) -> list[dict[str, Any]]:
    return [
        {"o": o, "channel": channel, "purpose": purpose, "wording": wording}
        for o, waiting in enumerate(batch)
        for channel, purpose, wording in waiting.row.agreements
    ]


def _comments(batch: Sequence[Waiting]) -> list[dict[str, Any]]:
    return [
        {
            "o": o,
            "shown_name": shown_name(row.first_name, row.last_name) if row.show_name else "",
            "text": row.comment,
            "publish": row.publish_comment,
        }
        for o, row in enumerate(waiting.row for waiting in batch)
        if row.comment
    ]


def _phones(batch: Sequence[Waiting]) -> list[dict[str, Any]]:
    return [
        {"o": o, "typed": row.phone, "canonical": canonical_phone(row.phone)}
        for o, row in enumerate(waiting.row for waiting in batch)
        if row.phone
    ]


def _json(rows: list[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()


def _array(ids: set[int]) -> str:
    return f"{{{','.join(map(str, sorted(ids)))}}}"


def _hex(value: bytes) -> str:
    return f"\\x{value.hex()}"
