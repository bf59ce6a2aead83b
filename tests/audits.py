"""What the log of an organisation says was done at the desk."""

from typing import Any

import orjson

from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.gathering.petitions.models.petition import Petition


def acts(petition: Petition) -> list[dict[str, Any]]:
    """The gestures of the organisation of a petition, in order."""
    entries = Entry.objects.filter(
        scope=petition.campaign.organisation_id, kind=EntryKind.AUDIT
    ).order_by("seq")
    return [orjson.loads(bytes(entry.leaf)) for entry in entries]
