"""Why somebody is written to (U34)."""

from datetime import datetime

from levier.foundation.people.models.person import Person
from levier.foundation.people.rules import petition_in
from levier.gathering.signing.enums import STANDING
from levier.gathering.signing.models.signature import Signature


def signed_on(person: Person, scope: str) -> datetime | None:
    """When the person signed the petition that a scope names; None when no signature of theirs
    stands there."""
    mine = Signature.objects.filter(person=person, petition=petition_in(scope))
    standing = mine.filter(state__in=STANDING).order_by("signed_at")
    return standing.values_list("signed_at", flat=True).first()
