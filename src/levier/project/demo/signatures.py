"""Thousands of plausible signatures over the last weeks, written set by set."""

import math
import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from django.db import connection

from levier.foundation.accounts.models import Organisation
from levier.foundation.common.typography import shown_name
from levier.foundation.people.enums import Channel
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.actions.numbering import number_signatures
from levier.gathering.signing.enums import SignatureSource, SignatureState
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.project.demo.content import DemoPetition
from levier.project.demo.names import FAR, FIRST_NAMES, LAST_NAMES, NEAR

MAILBOXES = ("courriel.example", "poste.example", "boite.example", "ecole.example")
CONFIRMED_SHARE = 0.82
NEWS_SHARE = 0.68
SHOWN_SHARE = 0.5
BROUGHT_SHARE = 0.3
FEATURED = 4  # the first comments are put forward
BURST_WIDTH = 0.03  # of the whole campaign
QUIET_FIRST_HOUR, QUIET_LAST_HOUR = 1, 6
_TELL = """
INSERT INTO levier_activity (organisation_id, person_id, kind, subject, at)
SELECT %s, person_id, 'signed', 'signature:' || id, signed_at
FROM levier_signature WHERE petition_id = %s ORDER BY signed_at
"""


@dataclass(frozen=True)
class Signatory:
    first_name: str
    last_name: str
    email: str
    postcode: str
    signed_at: datetime
    confirmed_at: datetime | None


def moments(texts: DemoPetition, start: datetime, end: datetime, chance: Random) -> list[datetime]:
    """When each one signed: a slow base, bursts after each event, few at night, sorted."""
    span = end - start

    def intensity(x: float) -> float:
        after = (math.exp((peak - x) / BURST_WIDTH) * w for peak, w in texts.bursts if x >= peak)
        return 0.25 + sum(after)

    ceiling = 0.25 + sum(weight for _, weight in texts.bursts)
    drawn: list[datetime] = []
    while len(drawn) < texts.signatures:
        x = chance.random()
        moment = start + span * x
        awake = moment.hour < QUIET_FIRST_HOUR or moment.hour >= QUIET_LAST_HOUR
        if chance.random() * ceiling < intensity(x) * (1 if awake else 0.06):
            drawn.append(moment)
    return sorted(drawn)


def signatories(
    texts: DemoPetition, start: datetime, end: datetime, chance: Random
) -> Iterator[Signatory]:
    """The people, in the order they signed."""
    for n, moment in enumerate(moments(texts, start, end, chance)):
        first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
        confirmed = moment + timedelta(minutes=chance.expovariate(1 / 40))
        yield Signatory(
            first_name=first,
            last_name=last,
            email=f"{first[:1]}{n}.{last}@{chance.choice(MAILBOXES)}".lower(),
            postcode=chance.choice(NEAR if chance.random() < 0.85 else FAR),
            signed_at=moment,
            confirmed_at=confirmed
            if chance.random() < CONFIRMED_SHARE and confirmed < end
            else None,
        )


def draw(texts: DemoPetition, *, start: datetime, end: datetime) -> list[Signatory]:
    """The same people for the same petition, in the order they signed."""
    return list(signatories(texts, start, end, Random(texts.slug)))  # noqa: S311  (plausible)


def write_signatures(
    texts: DemoPetition, petition: Petition, drawn: Sequence[Signatory], *, wording: str
) -> None:
    """Write the people and their signatures, number them day by day, and tell it all."""
    chance = Random(f"{texts.slug}, then")  # noqa: S311  (plausible, not secret)
    organisation = petition.campaign.organisation
    people = write_people(organisation, drawn)
    points = write_points(organisation, drawn, people)
    signatures = _write_rows(texts, petition, drawn, people, points)
    _write_codes(signatures, chance)
    _write_consents(signatures, wording, chance)
    _number(petition, signatures)
    _write_comments(texts, signatures, chance)
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [organisation.pk, petition.pk])


def write_people(organisation: Organisation, drawn: Sequence[Signatory]) -> list[Person]:
    """One person each, in the same order."""
    return Person.objects.bulk_create(
        Person(
            organisation=organisation,
            uuid=uuid.uuid4(),
            first_name=one.first_name,
            last_name=one.last_name,
            postcode=one.postcode,
            country="FR",
            created_at=one.signed_at,
        )
        for one in drawn
    )


def write_points(
    organisation: Organisation, drawn: Sequence[Signatory], people: Sequence[Person]
) -> list[ContactPoint]:
    """The mailbox of each, in the same order."""
    return ContactPoint.objects.bulk_create(
        ContactPoint(
            organisation=organisation,
            person=person,
            channel=Channel.EMAIL,
            typed=one.email,
            canonical=one.email,
            created_at=one.signed_at,
        )
        for one, person in zip(drawn, people, strict=True)
    )


def _write_rows(
    texts: DemoPetition,
    petition: Petition,
    drawn: Sequence[Signatory],
    people: Sequence[Person],
    points: Sequence[ContactPoint],
) -> list[Signature]:
    return Signature.objects.bulk_create(
        Signature(
            petition=petition,
            version=petition.version,
            person=person,
            contact_point=point,
            state=SignatureState.PENDING,
            first_name=one.first_name,
            last_name=one.last_name,
            postcode=one.postcode if texts.asks_postcode else "",
            country="FR",
            source=SignatureSource.WEB,
            signed_at=one.signed_at,
            confirmed_at=one.confirmed_at,
            salt=secrets.token_bytes(16),
        )
        for one, person, point in zip(drawn, people, points, strict=True)
    )


def _write_codes(signatures: Sequence[Signature], chance: Random) -> None:
    ReferralCode.objects.bulk_create(
        ReferralCode(code=secrets.token_urlsafe(6), signature=s) for s in signatures
    )
    brought = []
    for n, signature in enumerate(signatures[1:], start=1):
        if chance.random() < BROUGHT_SHARE:
            signature.referred_by = signatures[min(int(chance.expovariate(1 / 400)), n - 1)]
            brought.append(signature)
    Signature.objects.bulk_update(brought, ["referred_by"], batch_size=2_000)


def _write_consents(signatures: Sequence[Signature], wording: str, chance: Random) -> None:
    agreed = [s for s in signatures if chance.random() < NEWS_SHARE]
    Consent.objects.bulk_create(
        Consent(
            person=s.person,
            **news_of(s.petition_id),
            given=True,
            wording=wording,
            source=f"signature:{s.pk}",
            at=s.signed_at,
        )
        for s in agreed
    )
    ConsentState.objects.bulk_create(
        ConsentState(
            person=s.person,
            **news_of(s.petition_id),
            given=True,
            at=s.signed_at,
        )
        for s in agreed
    )


def _number(petition: Petition, signatures: Sequence[Signature]) -> None:
    for _, of_day in groupby(signatures, key=lambda s: s.signed_at.date()):
        day = list(of_day)
        number_signatures(
            petition=petition, signature_ids=[s.pk for s in day], now=day[-1].signed_at
        )


def _write_comments(texts: DemoPetition, signatures: Sequence[Signature], chance: Random) -> None:
    latest = len(signatures) * 9 // 10
    spoken = [
        (_called(name, signatures[:latest], chance), words, CommentState.PUBLISHED)
        for name, words in texts.comments
    ] + [
        (_called(name, signatures[latest:], chance), words, CommentState.WAITING)
        for name, words in texts.waiting_comments
    ]
    Comment.objects.bulk_create(
        Comment(
            petition=s.petition,
            person=s.person,
            shown_name=shown_name(s.first_name, s.last_name),
            text=words,
            state=state,
            featured_at=s.signed_at if n < FEATURED else None,
            for_dossier=chance.random() < SHOWN_SHARE,
            created_at=s.signed_at,
        )
        for n, (s, words, state) in enumerate(spoken)
        if s.person
    )


def _called(first_name: str, signatures: Sequence[Signature], chance: Random) -> Signature:
    return chance.choice([s for s in signatures if s.first_name == first_name])
