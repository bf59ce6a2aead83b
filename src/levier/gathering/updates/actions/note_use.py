from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from levier.gathering.updates.enums import Use
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.response_use import USE_LABEL_LENGTH, ResponseUse


@transaction.atomic
def note_use(*, responses: Iterable[Response], use: Use, label: str, now: datetime) -> None:
    """Write down where testimonies were put (« communiqué du 3 mars »), by whoever puts them
    there, so that the team knows it if their authors take them back (U51)."""
    ResponseUse.objects.bulk_create(
        [
            ResponseUse(
                ask_id=one.ask_id,
                person_id=one.person_id,
                use=use,
                label=label[:USE_LABEL_LENGTH],
                at=now,
            )
            for one in responses
        ],
        ignore_conflicts=True,
    )
