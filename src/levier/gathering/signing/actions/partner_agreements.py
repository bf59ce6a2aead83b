"""What a person agreed to with a partner: taken back by its owner, handed over by the team."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.signing.models.partner_agreement import PartnerAgreement
from levier.gathering.signing.queries.partner_agreements import list_of


@transaction.atomic
def withdraw_partner_agreement(*, person: Person, agreement_id: int, now: datetime) -> bool:
    """The person takes one back; False when it is not theirs. Twice is the same as once."""
    mine = PartnerAgreement.objects.filter(signature__person=person)
    if not mine.filter(pk=agreement_id).exists():
        return False
    _end(mine.filter(pk=agreement_id), person, now)
    return True


@transaction.atomic
def withdraw_partner_agreements(*, person: Person, now: datetime) -> None:
    """« Tout arrêter » : partners too."""
    _end(PartnerAgreement.objects.filter(signature__person=person), person, now)


@transaction.atomic
def hand_over(*, partner: Partner, by: User, now: datetime) -> int:
    """Note who gives the partner its list, and to whom it went, before the first name leaves.

    Returns how many people are in it. Who withdraws later is told to the partner in the next file.
    """
    rows = list_of(partner).order_by()
    given = PartnerAgreement.objects.filter(pk__in=rows.values("pk")).update(handed_at=now)
    organisation = partner.petition.campaign.organisation_id
    record_activity(
        organisation_id=organisation,
        person_id=None,
        kind=ActivityKind.EXPORTED,
        subject=f"partner:{partner.pk}",
        at=now,
        data={"by": by.pk, "rows": given},
    )
    body = {
        "act": "hand_over",
        "petition": str(partner.petition.uuid),
        "partner": partner.pk,
        "rows": given,
    }
    append_audit(scope=organisation, body=body, by=by.pk, now=now)
    return given


def _end(agreements: QuerySet[PartnerAgreement], person: Person, now: datetime) -> None:
    ending = list(agreements.filter(withdrawn_at=None).values_list("pk", flat=True))
    PartnerAgreement.objects.filter(pk__in=ending).update(withdrawn_at=now)
    for pk in ending:
        record_activity(
            organisation_id=person.organisation_id,
            person_id=person.pk,
            kind=ActivityKind.CONSENT_CHANGED,
            subject=f"partner_agreement:{pk}",
            at=now,
        )
