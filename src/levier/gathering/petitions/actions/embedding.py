"""Which other sites may show a petition's form."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.models.embed_site import EmbedSite
from levier.gathering.petitions.models.petition import Petition


@transaction.atomic
def set_embed_sites(
    *, petition: Petition, origins: Iterable[str], by: User, now: datetime
) -> list[str]:
    """The whole list, as origins; an empty one lets every site show the form (P60)."""
    petition = locked(petition)
    wanted = sorted(set(origins))
    known = set(EmbedSite.objects.filter(petition=petition).values_list("origin", flat=True))
    if set(wanted) == known:
        return wanted
    EmbedSite.objects.filter(petition=petition).exclude(origin__in=wanted).delete()
    EmbedSite.objects.bulk_create(
        EmbedSite(petition=petition, origin=origin, added_at=now)
        for origin in wanted
        if origin not in known
    )
    audit(petition, "set_embed_sites", by, now, sites=wanted)
    return wanted
