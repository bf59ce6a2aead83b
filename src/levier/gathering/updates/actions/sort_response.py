from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind
from levier.gathering.updates.enums import AskKind, ResponseState
from levier.gathering.updates.models.response import Response


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """What the team decides of words; None leaves a thing as it is."""

    state: ResponseState | None = None
    useful: bool | None = None
    handled: bool | None = None  # « Fait »
    contact_used: bool | None = None  # then it is kept beyond ninety days (U49)


@transaction.atomic
def sort_response(*, response_id: int, sorting: Sorting, by: User, now: datetime) -> Response:
    """Keep words or set them aside, mark them useful or done. Only words kept, and ticked by their
    author, are ever shown or used (U50)."""
    rows = Response.objects.select_for_update(of=("self",), no_key=True)
    response = rows.select_related("ask__update__petition__campaign").get(pk=response_id)
    was_kept = response.state == ResponseState.KEPT
    if sorting.state is not None:
        response.state = sorting.state
    if sorting.useful is not None:
        response.useful = sorting.useful
    if sorting.handled is not None:
        response.handled_at = (response.handled_at or now) if sorting.handled else None
        response.handled_by = by if sorting.handled else None
    if sorting.contact_used is not None:
        response.contact_used_at = now if sorting.contact_used else None
    response.save(update_fields=["state", "useful", "handled_at", "handled_by", "contact_used_at"])
    _write_down(response, sorting, was_kept, by, now)
    return response


def _write_down(
    response: Response, sorting: Sorting, was_kept: bool, by: User, now: datetime
) -> None:
    organisation = response.ask.update.petition.campaign.organisation_id
    told = {name: value for name, value in vars(sorting).items() if value is not None}
    body = {"act": "updates.sort_response", "response": response.pk, **told}
    append_audit(scope=organisation, body=body, by=by.pk, now=now)
    is_kept = response.state == ResponseState.KEPT and not was_kept
    if is_kept and response.ask.kind == AskKind.TESTIFY:
        record_activity(
            organisation_id=organisation,
            person_id=response.person_id,
            kind=ActivityKind.TESTIMONY_KEPT,
            subject=f"ask:{response.ask_id}",
            data={"by": by.pk},
            at=now,
        )
