"""The Message-ID of a delivery: it names the delivery, and nobody else can make one."""

import hashlib
import hmac
import re
from uuid import UUID

from levier.foundation.common.tokens import key_for

PURPOSE = "message-id"
FORM = re.compile(r"<?d(?P<delivery>\d+)\.(?P<seal>[0-9a-f]{20})@[^@>\s]+>?")


def _seal(delivery: int) -> str:
    return hmac.digest(key_for(PURPOSE), str(delivery).encode(), "sha256").hex()[:20]


def message_id(delivery: int, *, domain: str) -> str:
    """The same for the same delivery, however many times it is sent (J22)."""
    return f"<d{delivery}.{_seal(delivery)}@{domain}>"


def delivery_in(header: str) -> int | None:
    """The delivery that a Message-ID of ours names; None for any other."""
    found = FORM.fullmatch(header.strip())
    if found is None:
        return None
    delivery = int(found["delivery"])
    return delivery if hmac.compare_digest(found["seal"], _seal(delivery)) else None


def journal_mark(*, organisation: UUID, source: str, ordinal: int, typed: str) -> bytes:
    """What stands for « this, said to this address » in a journal: the same after a backup was
    restored, whatever number the delivery has then; another one in another installation.
    `queries.due` and `actions.replay_journals` have it in SQL."""
    told = f"{organisation}\x1f{source}\x1f{ordinal}\x1f{typed}"
    return hashlib.sha256(told.encode()).digest()[:8]
