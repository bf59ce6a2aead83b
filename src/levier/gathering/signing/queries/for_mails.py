"""What a mail about a signature says, read for many at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Min

from levier.foundation.accounts.models import Organisation
from levier.foundation.common.typography import day
from levier.foundation.messaging.rules.addresses import petition_link
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.models.consent import ConsentState
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.petitions.rules.goals import next_goal
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What all signatories of a petition read alike."""

    organisation: Organisation
    source: str  # "petition:12"
    context: Mapping[str, Any]


def shared_by(petitions: Iterable[int]) -> dict[int, Shared]:
    """For each petition: who writes, what is asked, of whom."""
    found = Petition.objects.select_related(
        "version",
        "author",
        "campaign__organisation",
        "addressee_person",
        "addressee_post__organization",
    ).filter(pk__in=set(petitions))
    slugs = dict(
        Slug.objects.filter(petition__in=found, current=True).values_list("petition", "slug")
    )
    return {
        petition.pk: Shared(
            organisation=petition.campaign.organisation,
            source=f"petition:{petition.pk}",
            context=what_is_asked(petition, slugs.get(petition.pk, "")),
        )
        for petition in found
    }


def what_is_asked(petition: Petition, slug: str) -> dict[str, str]:
    """Who writes, what is asked, of whom, and where to read it."""
    return {
        **who_writes(petition.campaign.organisation),
        "author": str(petition.author),
        "title": petition.version.title if petition.version else "",
        "ask": petition.version.ask if petition.version else "",
        "addressee": addressee_of(petition).in_full,
        "petition_url": petition_link(slug),
    }


def who_writes(organisation: Organisation) -> dict[str, str]:
    """The organisation as the head and the foot of its mails name it."""
    return {
        "organisation": organisation.name,
        "legal_name": organisation.legal_name,
        "postal_address": organisation.postal_address,
    }


def own_contexts(signatures: Iterable[Signature]) -> dict[int, dict[str, Any]]:
    """For each signature: its owner's first name as typed, number and share code, and the count."""
    rows = list(signatures)
    counts = _counts(rows)
    codes = dict(
        ReferralCode.objects.filter(signature__in=rows)
        .values("signature")
        .annotate(code=Min("code"))
        .values_list("signature", "code")
    )
    wanting = set(
        ConsentState.objects.filter(
            person__in={row.person_id for row in rows},
            channel=Channel.EMAIL,
            purpose=Purpose.PETITION_NEWS,
            given=True,
        ).values_list("person", "scope")
    )
    return {
        row.pk: {
            **counts[row.petition_id],
            "share_code": codes.get(row.pk),
            "first_name": row.first_name,
            "number": row.number,
            "signed_on": day(row.signed_at),
            "wants_updates": (row.person_id, news_of(row.petition_id)["scope"]) in wanting,
        }
        for row in rows
    }


def _counts(rows: Iterable[Signature]) -> dict[int, dict[str, int]]:
    """Total, goal, what is missing, and the share reached, rounded down (P39)."""
    tallies = Tally.objects.select_related("petition").in_bulk({row.petition_id for row in rows})
    counts = {}
    for petition, tally in tallies.items():
        counts[petition] = how_far(tally.counted + tally.paper, tally.petition.fixed_goal)
    return counts


def how_far(total: int, fixed_goal: int | None) -> dict[str, int]:
    """A total, its goal, what is missing, and the share reached, rounded down (P39)."""
    goal = next_goal(total, fixed_goal)
    return {
        "total": total,
        "goal": goal,
        "missing": max(0, goal - total),
        "percent": min(100, 100 * total // goal),
    }
