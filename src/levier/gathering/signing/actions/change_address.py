from datetime import datetime

from django.db import IntegrityError, transaction

from levier.foundation.common.tokens import BadToken
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.addresses import retire_address, take_address
from levier.foundation.people.models.person import ContactPoint
from levier.gathering.signing.errors import AddressTaken
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.rules.links import AddressChange, proposed_address


@transaction.atomic
def change_address(*, change: AddressChange, now: datetime) -> ContactPoint:
    """The new mailbox said yes: it takes the place of the old one for the person and all their
    signatures in the organisation (P31). States, numbers and confirmations do not move; links
    sent to the old mailbox open nothing any more.

    Raises BadToken when it was done, cancelled or replaced meanwhile, AddressTaken when somebody
    has signed with the new address meanwhile.
    """
    old, new = proposed_address(change)
    if not _take(new):
        raise BadToken
    mine = Signature.objects.filter(person=old.person_id, contact_point=old)
    petitions = set(mine.values_list("petition_id", flat=True))
    list(Tally.objects.select_for_update().filter(pk__in=petitions).order_by("pk"))
    append_audit(
        scope=old.organisation_id,
        body={"act": "change_address", "contact_points": [old.pk, new.pk]},
        by=None,
        now=now,
    )
    mine.update(contact_point=new)
    retire_address(old=old, new=new, now=now)
    new.refresh_from_db()
    return new


def _take(new: ContactPoint) -> bool:
    try:
        with transaction.atomic():
            return take_address(point=new)
    except IntegrityError as error:
        raise AddressTaken from error
