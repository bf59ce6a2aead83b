"""Fields that only the sign form has: the clean value, or ValueError. Plain Python, no I/O."""

from collections.abc import Collection

from levier.foundation.common.contact_fields import UNFIT
from levier.gathering.petitions.models.comment import COMMENT_LENGTHS


def comment(typed: str) -> str:
    """Words of 10 to 500 characters, or none. A line break counts for one, as in the browser."""
    typed = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not typed:
        return ""
    if not COMMENT_LENGTHS[0] <= len(typed) <= COMMENT_LENGTHS[1] or UNFIT.search(typed):
        raise ValueError
    return typed


def free(typed: str, *, longest: int, required: bool, options: Collection[str] = ()) -> str:
    """One line of a declared field, or one of its choices."""
    typed = typed.strip()
    if len(typed) > longest or UNFIT.search(typed) or "\n" in typed or "\r" in typed:
        raise ValueError
    if (required and not typed) or (typed and options and typed not in options):
        raise ValueError
    return typed
