"""What a person agrees to, and no longer does."""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import (
    ActivityKind,
)
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import Person

# A stricter or later word on the same person, channel, purpose and scope is never undone by an
# earlier one that commits after it (J1: the latest statement wins).
_KEEP_LATEST = """
INSERT INTO levier_consentstate (person_id, channel, purpose, scope, given, at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (person_id, channel, purpose, scope)
DO UPDATE SET given = excluded.given, at = excluded.at WHERE levier_consentstate.at <= excluded.at
"""


@transaction.atomic
def give_consent(
    *,
    person: Person,
    channel: str,
    purpose: str,
    scope: str = "",
    wording: str,
    source: str,
    now: datetime,
) -> Consent:
    """Write down an agreement in its exact words. `scope` is that of `rules.scope_of`; `source`
    is such as "signature:8686", "moi"."""
    said = Consent(person=person, channel=channel, purpose=purpose, scope=scope, given=True)
    said.wording, said.source, said.at = wording, source, now
    return _state(said)


@transaction.atomic
def withdraw_consent(
    *,
    person: Person,
    channel: str,
    purpose: str,
    scope: str = "",
    wording: str,
    source: str,
    now: datetime,
) -> Consent:
    """Write down the end of an agreement. Other channels, purposes and petitions are left alone
    (J29, U35)."""
    said = Consent(person=person, channel=channel, purpose=purpose, scope=scope, given=False)
    said.wording, said.source, said.at = wording, source, now
    return _state(said)


@transaction.atomic
def withdraw_every_consent(*, person: Person, source: str, now: datetime) -> int:
    """End every agreement in force, of whatever channel, purpose and petition. Returns how many."""
    given = ConsentState.objects.filter(person=person, given=True)
    states = list(given.select_for_update().order_by("channel", "purpose", "scope"))
    for state in states:
        withdraw_consent(
            person=person,
            channel=state.channel,
            purpose=state.purpose,
            scope=state.scope,
            wording=_("Tout arrêter"),
            source=source,
            now=now,
        )
    return len(states)


def _state(said: Consent) -> Consent:
    said.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP_LATEST,
            [said.person_id, said.channel, said.purpose, said.scope, said.given, said.at],
        )
    record_activity(
        organisation_id=said.person.organisation_id,
        person_id=said.person_id,
        kind=ActivityKind.CONSENT_CHANGED,
        subject=f"consent:{said.pk}",
        at=said.at,
        data=_told(said),
    )
    return said


def _told(said: Consent) -> dict[str, object]:
    """Channel, purpose, and the petition where there is one."""
    told = {"channel": said.channel, "purpose": said.purpose, "given": said.given}
    return {**told, "scope": said.scope} if said.scope else told
