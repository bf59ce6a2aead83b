"""The words a petition proposes to those who share it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.share_text import ShareText


@transaction.atomic
def set_share_texts(
    *, petition: Petition, texts: Mapping[str, str], by: User, now: datetime
) -> None:
    """Keep the words for these networks; empty ones give way to ours. Others stay as they are."""
    petition = locked(petition)
    kept = dict(
        ShareText.objects.filter(petition=petition, network__in=texts).values_list(
            "network", "text"
        )
    )
    if kept == {network: text for network, text in texts.items() if text}:
        return
    ShareText.objects.filter(petition=petition, network__in=texts).delete()
    ShareText.objects.bulk_create(
        ShareText(petition=petition, network=network, text=text)
        for network, text in texts.items()
        if text
    )
    audit(petition, "set_share_texts", by, now, networks=sorted(n for n, t in texts.items() if t))
