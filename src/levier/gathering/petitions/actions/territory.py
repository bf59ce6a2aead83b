"""Whether everyone may see where the signatures of a petition come from."""

from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.territory import PublicTerritory


@transaction.atomic
def show_territory(*, petition: Petition, by: User, now: datetime) -> None:
    """Give everyone the page of areas, the smallest counts grouped. Twice is the same as once."""
    _, is_new = PublicTerritory.objects.get_or_create(
        petition=petition, defaults={"by": by, "since": now}
    )
    if is_new:
        _write_down("show_territory", petition, by, now)


@transaction.atomic
def hide_territory(*, petition: Petition, by: User, now: datetime) -> None:
    """Take that page back. Twice is the same as once."""
    gone, _ = PublicTerritory.objects.filter(petition=petition).delete()
    if gone:
        _write_down("hide_territory", petition, by, now)


def _write_down(act: str, petition: Petition, by: User, now: datetime) -> None:
    append_audit(
        scope=petition.campaign.organisation_id,
        body={"act": act, "petition": str(petition.uuid)},
        by=by.pk,
        now=now,
    )
