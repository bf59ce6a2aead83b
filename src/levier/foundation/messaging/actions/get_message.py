import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.register_template import register_template
from levier.foundation.messaging.enums import Lane
from levier.foundation.messaging.models.message import Message


def get_message(
    *,
    organisation: Organisation,
    template: str,
    source: str,
    context: Mapping[str, Any],
    now: datetime,
    expires_after: timedelta,
    lane: str = Lane.TRANSACTIONAL,
    purpose: str = "",
) -> Message:
    """What all readers share: the same template, source, lane, purpose and context are the same
    message.

    `source` is such as "petition:12"; a suppression of that scope holds its deliveries back.
    """
    written = orjson.dumps(context, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.sha256(f"{lane}\0{purpose}\0".encode() + written).digest()
    message, _ = Message.objects.get_or_create(
        organisation=organisation,
        template=register_template(template, now=now, language=organisation.language),
        source=source,
        context_sha256=digest,
        defaults={
            "lane": lane,
            "purpose": purpose,
            "context": orjson.loads(written),
            "expires_after": expires_after,
            "created_at": now,
        },
    )
    return message
