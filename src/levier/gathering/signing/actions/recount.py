"""Mending a tally that no longer agrees with its signatures (P41)."""

from datetime import datetime

from django.db import transaction

from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import Figures, figures_of, true_figures


@transaction.atomic
def recount(*, petition: Petition, by: int | None, now: datetime) -> Figures:
    """Count one petition again under its lock, and write down what changed; numbers stay.

    Signatures wait meanwhile. `last_number` is only raised: a number given is never given again,
    even if its row is gone.
    """
    tally = Tally.objects.select_for_update().get(petition=petition)
    told, true = figures_of(tally), true_figures(petition.pk)
    last_number = max(told.last_number, true.last_number)
    tally.last_number = last_number
    tally.counted, tally.confirmed, tally.held = true.counted, true.confirmed, true.held
    tally.paper = true.paper
    tally.updated_at = now
    tally.save()
    body = {"kind": "recount", "petition": petition.pk, "told": vars(told), "true": vars(true)}
    append_audit(scope=petition.campaign.organisation_id, body=body, by=by, now=now)
    return figures_of(tally)
