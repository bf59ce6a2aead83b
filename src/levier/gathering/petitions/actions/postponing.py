from datetime import datetime, timedelta

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import audit
from levier.gathering.petitions.models.advice import PostponedStep
from levier.gathering.petitions.models.petition import Petition

A_WHILE = timedelta(days=7)


@transaction.atomic
def postpone_step(*, petition: Petition, step: str, by: User, now: datetime) -> PostponedStep:
    """Advise this step again in a week, not before."""
    postponed, _ = PostponedStep.objects.update_or_create(
        petition=petition, step=step, defaults={"until": now + A_WHILE, "by": by}
    )
    audit(petition, "postpone_step", by, now, step=step)
    return postponed
