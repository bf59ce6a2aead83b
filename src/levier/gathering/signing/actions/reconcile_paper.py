from collections import defaultdict
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.paper_counting import changes, settle
from levier.gathering.signing.models.tally import Tally


@transaction.atomic
def reconcile_paper(*, petition: Petition, by: User | None, now: datetime) -> int:
    """Judge again the paper lines whose mailbox signed online since, or did not after all: the
    online one counts, the line is flagged (P55). Returns by how many the paper count moved.

    Looked for without any lock; the tally is locked only when something is found. Safe to run
    twice, and while people sign.
    """
    found = {change.canonical for change in changes(petition=petition.pk)}
    if not found:
        return 0
    tally = Tally.objects.select_for_update().get(petition=petition)
    moved = settle(petition, tally, canonicals=found, now=now)
    body = {"act": "reconcile_paper", "petition": str(petition.uuid), "moved": moved}
    append_audit(
        scope=petition.campaign.organisation_id, body=body, by=by.pk if by else None, now=now
    )
    return moved


def reconcile_all_paper(*, now: datetime) -> dict[int, int]:
    """The same for every petition where something changed, each in a transaction of its own.
    Returns by how many each moved."""
    mailboxes: dict[int, int] = defaultdict(int)
    for change in changes():
        mailboxes[change.petition] += 1
    petitions = Petition.objects.select_related("campaign").filter(pk__in=mailboxes).order_by("pk")
    return {
        petition.pk: reconcile_paper(petition=petition, by=None, now=now) for petition in petitions
    }
