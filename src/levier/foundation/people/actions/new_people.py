"""People met for the first time, by their mailbox."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from levier.foundation.accounts.models import Organisation

# The address goes in first, with the id its person will have: when another transaction has just
# written the same address, it wins, and no person is written without an address (none could be
# deleted afterwards). In order, so that two never wait for each other.
_ADD = """
WITH input AS MATERIALIZED (
    SELECT told.*, nextval('levier_person_id_seq') AS person
    FROM json_to_recordset(%(people)s::json) AS told (
        canonical text, typed text, uuid uuid, first_name text, last_name text, postcode text,
        country text
    )
), reached AS (
    INSERT INTO levier_contactpoint
        (organisation_id, person_id, channel, typed, canonical, state, state_reason, created_at)
    SELECT %(organisation)s, person, 'email', typed, canonical, 'ok', '', %(now)s
    FROM input ORDER BY canonical
    ON CONFLICT (organisation_id, channel, canonical) DO NOTHING
    RETURNING person_id
)
INSERT INTO levier_person (
    id, organisation_id, uuid, first_name, last_name, honorific, postcode, country, language,
    time_zone, created_at
)
SELECT person, %(organisation)s, uuid, first_name, last_name, '', postcode, country, '', '', %(now)s
FROM input WHERE person IN (SELECT person_id FROM reached)
"""


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody who gave an address. `canonical` is what is compared, `typed` what mail goes to."""

    canonical: str
    typed: str
    first_name: str
    last_name: str
    postcode: str
    country: str


def add_people(*, organisation: Organisation, newcomers: Sequence[Newcomer], now: datetime) -> None:
    """Write those whose address is nobody's yet, in the caller's transaction and in one
    statement; the others are left alone. Each address comes once."""
    people = [{**asdict(one), "uuid": str(uuid.uuid4())} for one in newcomers]
    values: dict[str, Any] = {
        "people": orjson.dumps(people).decode(),
        "organisation": organisation.pk,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD, values)
