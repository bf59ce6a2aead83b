"""The proof of work that is asked past the soft limit of a network, or of everybody (P67).

Altcha's challenge and solution: the browser tries numbers until a derived key begins as asked;
nothing is shown to the person, and nothing is kept of them. A challenge is signed, good for one
petition and ten minutes; its proof is spent with the signature, once.
"""

import hmac
from base64 import b64decode
from binascii import Error as NotBase64
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from altcha import v2

from levier.foundation.common.tokens import key_for
from levier.gathering.signing.intake.rows import Proof
from levier.gathering.signing.rules.guards import NETWORK_KEY_BYTES, window_of

ALGORITHM = "PBKDF2/SHA-256"
# About half a second of a laptop, a few of an old telephone; 256 tries of this cost on average.
COST = 2_000
PREFIX = "00"
LIFE = timedelta(minutes=10)
LONGEST = 2_000


def challenge_for(petition: int, *, now: datetime) -> dict[str, Any]:
    """A new challenge, as the browser wants it. It costs us one HMAC."""
    until = int((now + LIFE).timestamp())
    challenge = v2.create_challenge(
        ALGORITHM,
        COST,
        key_prefix=PREFIX,
        data={"petition": petition, "until": until},
        hmac_secret=key_for("altcha"),
    )
    return challenge.to_dict()


def proof_in(sent: object, petition: int, *, now: datetime) -> Proof | None:
    """The proof in what a form sent; None for anything that is not one for this petition now."""
    if not isinstance(sent, str) or not sent or len(sent) > LONGEST:
        return None
    try:
        found = orjson.loads(b64decode(sent, validate=True))
        payload = v2.Payload.from_dict(found)
        told = payload.challenge.parameters.data or {}
        until = datetime.fromtimestamp(int(told["until"]), tz=UTC)
        meant_for, nonce = told["petition"], bytes.fromhex(payload.challenge.parameters.nonce)
    except (NotBase64, KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        return None
    if meant_for != petition or not now <= until <= now + LIFE or not _is_right(payload):
        return None
    key = hmac.digest(key_for("altcha-spent"), nonce, "sha256")[:NETWORK_KEY_BYTES]
    return Proof(key, window_of(until))


def _is_right(payload: v2.Payload) -> bool:
    try:
        return bool(v2.verify_solution(payload, key_for("altcha")).verified)
    except (TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        return False
