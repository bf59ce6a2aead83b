"""What a petition is about, for readers who look around."""

from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.models import Theme
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.models.petition import Petition


@transaction.atomic
def set_theme(*, petition: Petition, theme: Theme | None, by: User, now: datetime) -> Petition:
    """Put it under a theme, or under none."""
    petition = locked(petition)
    if petition.theme_id != (theme.pk if theme else None):
        petition.theme = theme
        petition.save(update_fields=["theme"])
        audit(petition, "set_theme", by, now, theme=theme.slug if theme else None)
    return petition
