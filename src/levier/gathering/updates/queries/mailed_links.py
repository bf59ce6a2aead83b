"""The personal link that the mail of an update carries (U38). A million are made by the statement
that writes the deliveries, so its token is a keyed hash that PostgreSQL can compute, not a seal."""

import hmac
import re

from django.db.models import CharField, F, Func, TextField, Value
from django.db.models.functions import Cast, Concat, Left

from levier.foundation.common.tokens import BadToken, key_for
from levier.gathering.updates.queries.hashing import hmac_of

KEY = "update-link"
LENGTH = 24  # hexadecimal digits: 96 bits
FORM = re.compile(rf"([1-9]\d{{0,18}})-([0-9a-f]{{{LENGTH}}})")


def mailed_token(*, update: int, contact_point: int) -> str:
    """One mailbox, one update."""
    told = _prefix(update) + str(contact_point).encode()
    return f"{contact_point}-{hmac.digest(key_for(KEY), told, 'sha256').hex()[:LENGTH]}"


def mailed_token_of(update: int) -> Concat:
    """The same for the address of each signature of a queryset, as an expression."""
    point = Cast(F("contact_point"), TextField())
    sealed = hmac_of(key_for(KEY), prefix=_prefix(update), text=point)
    written = Func(sealed, Value("hex"), function="encode", output_field=CharField())
    return Concat(point, Value("-"), Left(written, LENGTH), output_field=TextField())


def is_mailed(token: str) -> bool:
    """Whether a token has the form of these, and not of a sealed one."""
    return FORM.fullmatch(token) is not None


def mailbox_in(token: str, *, update: int) -> int:
    """The contact point that a link of this update was sent to. Raises BadToken."""
    found = FORM.fullmatch(token)
    if found is None:
        raise BadToken
    point = int(found[1])
    if not hmac.compare_digest(mailed_token(update=update, contact_point=point), token):
        raise BadToken
    return point


def _prefix(update: int) -> bytes:
    return f"{update}\0".encode()
