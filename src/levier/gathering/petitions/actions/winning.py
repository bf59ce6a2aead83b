from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.common.scans import PROOFS, drop_scan
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.enums import PUBLIC, PetitionState
from levier.gathering.petitions.errors import WrongState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.victory import Victory


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was decided, when, and where anyone can check it."""

    decision: str
    decided_on: date
    evidence_url: str = ""
    evidence_label: str = ""
    evidence_file: str = ""  # kept already, among proofs


@transaction.atomic
def mark_won(*, petition: Petition, decision: Decision, by: User, now: datetime) -> Victory:
    """The demand is obtained: nobody signs any more, the page tells the victory (P50, P62).

    From any public state, closed ones too; said again, it corrects what the page says. Raises
    WrongState for a draft or a removed petition.
    """
    petition = locked(petition)
    if petition.state not in PUBLIC:
        raise WrongState
    _drop_another(petition, decision.evidence_file)
    told = {**asdict(decision), "declared_by": by}
    victory, is_new = Victory.objects.update_or_create(
        petition=petition, defaults=told, create_defaults={**told, "declared_at": now}
    )
    petition.state = PetitionState.WON
    petition.closed_at = petition.closed_at or now
    petition.save(update_fields=["state", "closed_at"])
    act = "mark_won" if is_new else "correct_victory"
    audit(petition, act, by, now, decided_on=decision.decided_on.isoformat())
    return victory


def _drop_another(petition: Petition, kept: str) -> None:
    """The paper shown until now leaves the disk once another, or none, takes its place for sure."""
    shown = Victory.objects.filter(petition=petition).exclude(evidence_file__in=["", kept])
    for name in shown.values_list("evidence_file", flat=True):
        transaction.on_commit(partial(drop_scan, name, folder=PROOFS))
