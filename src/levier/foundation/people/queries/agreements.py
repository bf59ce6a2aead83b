from dataclasses import dataclass
from datetime import datetime

from levier.foundation.people.models.consent import Consent
from levier.foundation.people.models.person import Person


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Where a person stands for one channel, purpose and scope, and the words it rests on."""

    channel: str
    purpose: str
    scope: str  # "petition:12" for the news of that petition; "" for other purposes
    given: bool
    wording: str
    source: str
    at: datetime


def agreements_of(person: Person) -> list[Agreement]:
    """The latest statement for each channel, purpose and scope the person ever spoke of."""
    latest = (
        Consent.objects.filter(person=person)
        .order_by("channel", "purpose", "scope", "-at", "-pk")
        .distinct("channel", "purpose", "scope")
    )
    return [
        Agreement(
            channel=said.channel,
            purpose=said.purpose,
            scope=said.scope,
            given=said.given,
            wording=said.wording,
            source=said.source,
            at=said.at,
        )
        for said in latest
    ]
