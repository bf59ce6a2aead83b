"""A petition as the signing path needs it: read once a second, checked again under the lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from levier.foundation.accounts.models import Organisation
from levier.foundation.campaigns.enums import CommentPolicy
from levier.foundation.campaigns.models import Campaign
from levier.gathering.petitions.enums import PUBLIC, SIGNABLE, PetitionState
from levier.gathering.petitions.rules.comment_words import words_in
from levier.gathering.petitions.rules.consents import AGREEMENTS, consent_sentences
from levier.gathering.petitions.rules.fields import asked_in
from levier.gathering.signing.intake.around import AROUND, CALM, Around, around_from

FIND = """
SELECT petition.id, petition.uuid, current.slug, petition.state, petition.closes_at,
    petition.closed_at, petition.country,
    coalesce(petition.asks_postcode, campaign.asks_postcode), petition.fields,
    campaign.organisation_id, organisation.name,
    coalesce(petition.comment_policy, campaign.comment_policy),
    coalesce(petition.comment_words, campaign.comment_words),
    coalesce(petition.offers_org_news, campaign.offers_org_news),
    coalesce(petition.offers_phone, campaign.offers_phone),
    coalesce(petition.offers_post, campaign.offers_post),
    /*around*/ AS around,
    petition.state <> 'open' OR tally.petition_id + head.scope IS NOT NULL AS ready
FROM levier_slug AS asked
JOIN levier_petition AS petition ON petition.id = asked.petition_id
JOIN levier_slug AS current ON current.petition_id = petition.id AND current.current
JOIN levier_campaign AS campaign ON campaign.id = petition.campaign_id
JOIN levier_organisation AS organisation ON organisation.id = campaign.organisation_id
LEFT JOIN levier_tally AS tally ON tally.petition_id = petition.id
LEFT JOIN levier_treehead AS head ON head.scope = organisation.id
WHERE asked.slug = %s
""".replace("/*around*/", AROUND)
# The two rows that every signature passes through: the tally, and the head of the log.
MAKE_READY = (
    """INSERT INTO levier_tally
        (petition_id, last_number, counted, confirmed, paper, held, updated_at)
    VALUES (%s, 0, 0, 0, 0, 0, now()) ON CONFLICT DO NOTHING""",
    """INSERT INTO levier_treehead (scope, size, chain_hash)
    VALUES (%s, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING""",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtraField:
    """A field the petition declares (P8): posted as `extra_<key>`."""

    key: str
    label: str
    required: bool
    options: tuple[str, ...] = ()  # one of them, when there are any


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The petition somebody is signing."""

    petition: int
    uuid: UUID
    slug: str  # the current one
    organisation: int
    state: str
    closes_at: datetime | None
    closed_at: datetime | None
    country: str
    asks_postcode: bool
    publishes_comments: bool
    fields: tuple[ExtraField, ...]
    agreements: Mapping[str, tuple[str, str, str]]  # field → (channel, purpose, sentence)
    held_words: frozenset[tuple[str, ...]] = frozenset()  # a comment that says one waits (P52)
    around: Around = CALM

    def is_public(self) -> bool:
        """Whether anyone may know of it."""
        return self.state in PUBLIC

    def takes_signatures(self, now: datetime) -> bool:
        """Whether a signature is taken now (P61); the transaction asks again."""
        return self.state in SIGNABLE and not self._past(now) and not self.around.stopped

    def is_paused(self) -> bool:
        """Whether signatures will be taken again."""
        return self.state == PetitionState.PAUSED

    def stopped_by(self, now: datetime) -> str:
        """The public sentence of the switch that alone keeps it from being signed (P71)."""
        return self.around.stopped if self.state in SIGNABLE and not self._past(now) else ""

    def closed_on(self) -> datetime | None:
        """When it closed: by hand, or by its date."""
        return self.closed_at or self.closes_at

    def _past(self, now: datetime) -> bool:
        return self.closes_at is not None and self.closes_at <= now


def place_from(row: tuple[Any, ...]) -> Place:
    """The place in a row of FIND."""
    (pk, uuid, slug, state, closes_at, closed_at, country, asks_postcode, fields) = row[:9]
    organisation, name, comment_policy, words, org_news, phone, post, around, _ready = row[9:]
    campaign = Campaign(
        organisation=Organisation(name=name),
        offers_org_news=org_news,
        offers_phone=phone,
        offers_post=post,
    )
    return Place(
        petition=pk,
        uuid=uuid,
        slug=slug,
        organisation=organisation,
        state=state,
        closes_at=closes_at,
        closed_at=closed_at,
        country=country,
        asks_postcode=asks_postcode,
        publishes_comments=comment_policy == CommentPolicy.AFTER,
        held_words=words_in(words),
        fields=tuple(_extra_fields(fields or [])),
        agreements={
            field: (*AGREEMENTS[field], sentence)
            for field, sentence in consent_sentences(campaign).items()
        },
        around=around_from(around),
    )


def _extra_fields(declared: list[dict[str, Any]]) -> list[ExtraField]:
    return [
        ExtraField(
            key=field.key,
            label=field.label,
            required=field.required,
            options=field.options,
        )
        for field in asked_in(declared)
    ]
