"""Throwing a switch and taking it back (P71)."""

from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.enums import OF_ONE_PETITION, SwitchKind
from levier.gathering.petitions.errors import NotHere
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.switch import Switch
from levier.gathering.petitions.rules.site import site_organisation


@transaction.atomic
def set_switch(
    *,
    kind: SwitchKind,
    petition: Petition | None,
    thrown: bool,
    sentence: str = "",
    by: User | None,
    now: datetime,
) -> Switch | None:
    """Throw a switch with its public sentence, or take it back; of the site without a petition.

    `by` is None when an operator does it from the machine. Thrown again, it keeps its hour and
    takes the new sentence. Raises NotHere for a switch that a petition does not have, or without
    an organisation to keep the log.
    """
    if petition is not None and kind not in OF_ONE_PETITION:
        raise NotHere
    scope = petition.campaign.organisation_id if petition else _site_scope()
    was = Switch.objects.select_for_update().filter(kind=kind, petition=petition).first()
    if thrown:
        now_thrown: Switch | None = _throw(was, kind, petition, sentence, by, now)
    else:
        now_thrown = None
        Switch.objects.filter(kind=kind, petition=petition).delete()
    if thrown or was is not None:
        body = {
            "act": "petitions.set_switch",
            "switch": str(kind),
            "thrown": thrown,
            "petition": str(petition.uuid) if petition else None,
            "sentence": sentence if thrown else "",
        }
        append_audit(scope=scope, body=body, by=by.pk if by else None, now=now)
    return now_thrown


def _throw(
    was: Switch | None,
    kind: SwitchKind,
    petition: Petition | None,
    sentence: str,
    by: User | None,
    now: datetime,
) -> Switch:
    if was is not None:
        was.sentence = sentence
        was.save(update_fields=["sentence"])
        return was
    return Switch.objects.create(
        kind=kind, petition=petition, sentence=sentence, thrown_at=now, thrown_by=by
    )


def _site_scope() -> int:
    organisation = site_organisation()
    if organisation is None:
        raise NotHere
    return organisation.pk
