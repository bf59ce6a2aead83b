from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import User
from levier.foundation.common.typography import number
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.actions.locking import PETITION_WITH, audit
from levier.gathering.updates.enums import UpdateKind
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.asks import default_ask


@transaction.atomic
def start_draft(
    *,
    petition: Petition,
    kind: str,
    by: User,
    now: datetime,
    follows: Update | None = None,
    remind_at: datetime | None = None,
) -> Update:
    """A draft of that kind with its ask ready (U9); only the team sees it, and it holds no window
    (U24). A milestone brings its figure (U54). `follows` is the news it continues."""
    petition = Petition.objects.select_related(*PETITION_WITH).get(pk=petition.pk)
    milestone = last_milestone(petition) if kind == UpdateKind.MILESTONE else None
    update = Update.objects.create(
        petition=petition,
        kind=kind,
        title=_("Nous sommes %(n)s") % {"n": number(milestone.threshold)} if milestone else "",
        milestone=milestone,
        follows=follows,
        remind_at=remind_at,
        author=by,
        edited_by=by,
        edited_at=now,
        created_at=now,
    )
    proposed = asdict(default_ask(kind, petition))
    Ask.objects.create(update=update, **{**proposed, "contact": None})
    audit(update, "start_draft", by, now, kind=kind)
    return update


def last_milestone(petition: Petition) -> Milestone | None:
    """The highest threshold crossed."""
    return Milestone.objects.filter(petition=petition).order_by("threshold").last()
