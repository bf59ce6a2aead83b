"""Signatures that the guards held, and what looks unusual among the latest ones."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.enums import ActivityKind
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.counting import adjust_tally
from levier.gathering.signing.actions.raise_alerts import raise_alerts
from levier.gathering.signing.enums import HoldReason, SignatureSource, SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.project.demo import gathered
from levier.project.demo.signatures import Signatory, write_people, write_points

APART = timedelta(seconds=95)


def write_held(petition: Petition, *, now: datetime) -> None:
    """One connection sent too many at once: they wait without a number, and alerts tell why."""
    drawn = list(_held(now - timedelta(hours=gathered.HELD_HOURS)))
    organisation = petition.campaign.organisation
    people = write_people(organisation, drawn)
    points = write_points(organisation, drawn, people)
    key = secrets.token_bytes(16)
    signatures = Signature.objects.bulk_create(
        Signature(
            petition=petition,
            version=petition.version,
            person=person,
            contact_point=point,
            state=SignatureState.HELD,
            reason=HoldReason.RATE,
            first_name=one.first_name,
            last_name=one.last_name,
            postcode=one.postcode,
            country="FR",
            source=SignatureSource.WEB,
            signed_at=one.signed_at,
            network_key=key,
            salt=secrets.token_bytes(16),
        )
        for one, person, point in zip(drawn, people, points, strict=True)
    )
    adjust_tally(petition.pk, now=drawn[-1].signed_at, held=len(drawn))
    for one in signatures:
        record_activities(
            organisation_id=organisation.pk,
            kind=ActivityKind.HELD,
            at=one.signed_at,
            rows=[(one.person_id, f"signature:{one.pk}", None)],
        )
    raise_alerts(now=now)


def _held(start: datetime) -> Iterator[Signatory]:
    first, last = gathered.HELD_NAME
    for n, which in enumerate(gathered.HELD):
        yield Signatory(
            first_name=first,
            last_name=last,
            email=gathered.HELD_MAILBOX.format(n=which),
            postcode="75011",
            signed_at=start + n * APART,
            confirmed_at=None,
        )
