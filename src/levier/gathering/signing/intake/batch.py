"""A batch as its statements want it: rows of JSON, parsed once by PostgreSQL."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

import orjson

from levier.foundation.common.typography import shown_name
from levier.foundation.common.uuids import ordered_uuids
from levier.foundation.ledger.rules import SALT_BYTES, commitment, milliseconds
from levier.foundation.people.rules import canonical_phone, scope_of
from levier.gathering.signing.enums import HoldReason, SignatureSource
from levier.gathering.signing.intake.rows import SignatureInput
from levier.gathering.signing.rules.codes import new_code
from levier.gathering.signing.rules.facts import signature_facts


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
    lists = {
        "agreed": _agreed(batch),
        "comments": _comments(batch),
        "phones": _phones(batch),
        "partners": _partners(batch),
    }
    petitions = {waiting.row.petition for waiting in batch}
    organisations = {waiting.row.organisation for waiting in batch}
    parameters = {
        "now": now.isoformat(),
        "milliseconds": str(milliseconds(now)),
        "petitions": _array(petitions),
        "organisations": _array(organisations),
        "people": _json(_people(batch, now)),
        "rows": _json(_signatures(batch)),
        **{name: _json(rows) for name, rows in lists.items()},
    }
    parts = {"agreed": "consents"}
    needed = (parts.get(name, name) for name, rows in lists.items() if rows)
    return Prepared(parameters, frozenset(needed))


def _people(batch: Sequence[Waiting], now: datetime) -> list[dict[str, Any]]:
    """Each address once, as its first row says it, in order."""
    first = {(w.row.organisation, w.row.canonical): w.row for w in reversed(batch)}
    uuids = ordered_uuids(len(first), now=now)
    return [
        {
            "organisation": organisation,
            "email": email,
            "typed": row.email if row.email != email else None,
            "uuid": uuid,
            "first_name": row.first_name,
            "last_name": row.last_name,
            "postcode": row.postcode,
            "country": row.country,
        }
        for ((organisation, email), row), uuid in zip(
            sorted(first.items(), key=itemgetter(0)), uuids, strict=True
        )
    ]


def _signatures(batch: Sequence[Waiting]) -> list[dict[str, Any]]:
    """Each row, with the place of its twin: the first of the same address on the same petition."""
    first: dict[tuple[int, str], int] = {}
    rows = []
    for o, waiting in enumerate(batch):
        twin = first.setdefault((waiting.row.petition, waiting.row.canonical), o)
        rows.append(_signature(o, twin if twin != o else None, waiting))
    return rows


def _signature(o: int, twin: int | None, waiting: Waiting) -> dict[str, Any]:
    row = waiting.row
    facts = signature_facts(
        email=row.canonical,
        first_name=row.first_name,
        last_name=row.last_name,
        postcode=row.postcode,
        country=row.country,
        petition=row.petition_uuid,
    )
    sent = {
        "o": o,
        "twin": twin,
        "petition": row.petition,
        "organisation": row.organisation,
        "email": row.canonical,
        "typed": row.email if row.email != row.canonical else None,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "postcode": row.postcode,
        "country": row.country,
        "show_name": row.show_name or None,
        "source": row.source.value if row.source is not SignatureSource.WEB else None,
        "code": waiting.code,
        "ref": row.ref or None,
        "salt": _hex(waiting.salt),
        "committed": _hex(commitment(waiting.salt, facts)),
        "network": _hex(row.network) if row.network is not None else None,
        "held": str(waiting.held) or None,
        "extra": row.extra or None,
        "source_code": row.source_code or None,
    }
    return {name: value for name, value in sent.items() if value is not None}


def _agreed(batch: Sequence[Waiting]) -> list[dict[str, Any]]:
    return [
        {
            "o": o,
            "channel": channel,
            "purpose": purpose,
            "scope": scope_of(purpose, f"petition:{waiting.row.petition}"),
            "wording": wording,
        }
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


def _partners(batch: Sequence[Waiting]) -> list[dict[str, Any]]:
    return [
        {"o": o, "partner": box.partner, "wording": box.wording}
        for o, waiting in enumerate(batch)
        if (box := waiting.row.partner) is not None
    ]


def _json(rows: list[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()


def _array(ids: set[int]) -> str:
    return f"{{{','.join(map(str, sorted(ids)))}}}"


def _hex(value: bytes) -> str:
    return f"\\x{value.hex()}"
