"""Personal share codes."""

import os

from levier.gathering.signing.models.signature import CODE_LENGTH

# No letter that reads as a figure: a code may be copied from a poster.
CODE_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_BYTES = str.maketrans({chr(n): CODE_ALPHABET[n % len(CODE_ALPHABET)] for n in range(256)})


def new_code() -> str:
    """A personal share code, random; 57^8 of them, so two alike are a retry, not a worry."""
    return os.urandom(CODE_LENGTH).decode("latin-1").translate(_CODE_BYTES)
