"""Sealed tokens: opaque, authenticated, for one purpose, with an age. AES-GCM, RFC 5116.

A token carries its own payload, encrypted, so that a link names nobody and needs no table.
"""

import base64
import binascii
import os
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
LONGEST_TOKEN = 4_000


class BadToken(Exception):
    """The token was altered, cut, or made for another purpose."""


class ExpiredToken(BadToken):
    """The token is genuine and too old."""


@cache
def derived_key(purpose: str, secret: str) -> bytes:
    """32 bytes for one purpose, from the installation's secret (HKDF, RFC 5869)."""
    return HKDF(SHA256(), 32, salt=b"levier", info=purpose.encode()).derive(secret.encode())


def key_for(purpose: str) -> bytes:
    """The installation's key for one purpose: an HMAC, a seal."""
    return derived_key(purpose, settings.SECRET_KEY)


@cache
def _cipher(purpose: str, secret: str) -> AESGCM:
    return AESGCM(derived_key(f"token:{purpose}", secret))


def seal(purpose: str, payload: Any, *, now: datetime) -> str:
    """Seal a JSON-able payload for one purpose. The result is URL-safe, without padding."""
    nonce = os.urandom(NONCE_BYTES)
    clear = orjson.dumps([int(now.timestamp()), payload])
    sealed = _cipher(purpose, settings.SECRET_KEY).encrypt(nonce, clear, purpose.encode())
    return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()


def unseal(
    purpose: str, token: str, *, now: datetime, max_age: timedelta | None = None
) -> tuple[Any, datetime]:
    """The payload and when it was sealed.

    Raises BadToken for anything this installation did not seal for this purpose, and
    ExpiredToken when it is older than `max_age`.
    """
    try:
        raw = base64.urlsafe_b64decode(token[:LONGEST_TOKEN] + "=" * (-len(token) % 4))
        clear = _cipher(purpose, settings.SECRET_KEY).decrypt(
            raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode()
        )
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise BadToken from error
    issued, payload = orjson.loads(clear)
    issued_at = datetime.fromtimestamp(issued, tz=now.tzinfo)
    if max_age is not None and now - issued_at > max_age:
        raise ExpiredToken
    return payload, issued_at
