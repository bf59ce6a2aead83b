from datetime import datetime

from django.db import transaction

from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.stopping import come_back
from levier.foundation.people.actions.suppressions import lift_disowning
from levier.foundation.people.enums import ActivityKind, Channel
from levier.foundation.people.models.person import Person
from levier.foundation.people.queries.agreements import agreements_of
from levier.foundation.people.rules import stopped_channels
from levier.gathering.signing.actions.counting import adjust_tally, locked
from levier.gathering.signing.actions.numbering import number_signatures
from levier.gathering.signing.enums import CONFIRMABLE, HoldReason, SignatureState
from levier.gathering.signing.errors import NoLongerStanding
from levier.gathering.signing.models.signature import Signature

# What the owner's own confirmation answers: too many at once, no proof of work, and an address
# thought dead. What a switch holds waits for the team, confirmed or not.
RELEASED_BY_OWNER = frozenset({HoldReason.RATE, HoldReason.CAPTCHA, HoldReason.BOUNCE})


@transaction.atomic
def confirm(*, signature_id: int, now: datetime) -> Signature:
    """The owner of the mailbox says the signature is theirs. Twice is the same as once (P27).

    Touches that signature and its tally, no other signature of the person (P33). What waited for
    this word gets its number now (P15, P67). Raises NoLongerStanding.
    """
    signature = locked(signature_id)
    if signature.state not in CONFIRMABLE:
        raise NoLongerStanding
    if signature.confirmed_at is not None:
        return signature
    Signature.objects.filter(pk=signature.pk).update(confirmed_at=now)
    if signature.state == SignatureState.COUNTED:
        adjust_tally(signature.petition_id, now=now, confirmed=1)
    elif signature.state == SignatureState.PENDING or signature.reason in RELEASED_BY_OWNER:
        number_signatures(petition=signature.petition, signature_ids=[signature.pk], now=now)
    _write_again(signature, now)
    record_activity(
        organisation_id=signature.petition.campaign.organisation_id,
        person_id=signature.person_id,
        kind=ActivityKind.CONFIRMED,
        subject=f"signature:{signature.pk}",
        at=now,
    )
    signature.refresh_from_db(fields=["state", "number", "confirmed_at", "reason"])
    return signature


def _write_again(signature: Signature, now: datetime) -> None:
    """Whoever disowned an earlier signature of this petition gets its mails again; and who had
    stopped everything, what they ticked with this one: the mailbox itself says so now (J3)."""
    if signature.contact_point is not None and signature.person is not None:
        lift_disowning(
            organisation=signature.petition.campaign.organisation,
            canonical=signature.contact_point.canonical,
            scope=f"petition:{signature.petition_id}",
        )
        _come_back(signature, signature.person, now)


def _come_back(signature: Signature, person: Person, now: datetime) -> None:
    source = f"signature:{signature.pk}"
    ticked = {
        (one.channel, one.purpose, one.scope)
        for one in agreements_of(person)
        if one.given and one.channel == Channel.EMAIL and one.source == source
    }
    if ticked and Channel.EMAIL in stopped_channels(person):
        come_back(person=person, channel=Channel.EMAIL, to=ticked, source=source, now=now)
