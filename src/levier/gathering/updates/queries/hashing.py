"""HMAC-SHA-256 (RFC 2104) written in SQL, for statements over a whole audience: PostgreSQL has
SHA-256 and nothing more without extensions."""

from django.db.models import BinaryField, Func, Value
from django.db.models.expressions import Combinable

BLOCK = 64  # bytes of a block of SHA-256, longer than our keys


def hmac_of(key: bytes, *, prefix: bytes, text: Combinable) -> Func:
    """What `hmac.digest(key, prefix + text.encode(), "sha256")` gives; `text` is an expression."""
    padded = key.ljust(BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in padded) for pad in (0x36, 0x5C))
    encoded = Func(text, Value("UTF8"), function="convert_to", output_field=BinaryField())
    return _sha256(Value(outer), _sha256(Value(inner + prefix), encoded))


def _sha256(first: Combinable, rest: Combinable) -> Func:
    return Func(
        first,
        rest,
        template="sha256(%(expressions)s)",
        arg_joiner=" || ",
        output_field=BinaryField(),
    )
