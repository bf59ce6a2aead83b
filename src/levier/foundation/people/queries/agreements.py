from dataclasses import dataclass
from datetime import datetime

from levier.foundation.people.models.consent import Consent
from levier.foundation.people.models.person import Person


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Where a person stands for one channel and purpose, and the words it rests on."""

    channel: str
    purpose: str
    given: bool
    wording: str
    source: str
    at: datetime


def agreements_of(person: Person) -> list[Agreement]:
    """The latest statement for each channel and purpose the person was ever asked about."""
    latest = (
        Consent.objects.filter(person=person)
        .order_by("channel", "purpose", "-at", "-pk")
        .distinct("channel", "purpose")
    )
    return [
        Agreement(
            channel=said.channel,
            purpose=said.purpose,
            given=said.given,
            wording=said.wording,
            source=said.source,
            at=said.at,
        )
        for said in latest
    ]
