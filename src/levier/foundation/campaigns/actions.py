"""Changes to campaigns, to the choices they follow and to their teams."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from levier.foundation.accounts.models import Membership, Organisation, User
from levier.foundation.campaigns.errors import NotAMember
from levier.foundation.campaigns.models import (
    INHERITED,
    Campaign,
    OrganisationChoices,
    TeamMember,
)
from levier.foundation.campaigns.queries import choices_of
from levier.foundation.ledger.actions import append_audit


@transaction.atomic
def start_campaign(*, organisation: Organisation, name: str, by: User, now: datetime) -> Campaign:
    """A campaign that follows every choice of its organisation. Its address is made from its
    name."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    followed = choices_of(organisation)
    campaign = Campaign.objects.create(
        organisation=organisation,
        name=name,
        slug=_free_slug(organisation, name),
        created_at=now,
        **{choice: getattr(followed, choice) for choice in INHERITED},
    )
    _audit(campaign, "campaigns.start", by, now)
    return campaign


@transaction.atomic
def change_campaign(
    *, campaign: Campaign, name: str, own: Mapping[str, Any], by: User, now: datetime
) -> Campaign:
    """Change its name and its own choices; those that are not in `own` follow the organisation.

    A comment or a consent already given keeps what it was. `signing.actions.choices` is what a
    face calls: it keeps the count policy of what is signed (P16).
    """
    organisation = Organisation.objects.select_for_update().get(pk=campaign.organisation_id)
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    followed = choices_of(organisation)
    for choice in INHERITED:
        setattr(campaign, choice, own.get(choice, getattr(followed, choice)))
    campaign.name, campaign.own = name, sorted(own)
    campaign.save(update_fields=["name", "own", *INHERITED])
    _audit(campaign, "campaigns.change", by, now, own=campaign.own)
    return campaign


@transaction.atomic
def change_choices(
    *, organisation: Organisation, chosen: Mapping[str, Any], by: User, now: datetime
) -> OrganisationChoices:
    """What campaigns follow. Those that chose for themselves keep their choice; one statement for
    all the others, choice by choice."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    choices = choices_of(organisation)
    for choice in INHERITED:
        setattr(choices, choice, chosen[choice])
        followers = Campaign.objects.filter(organisation=organisation)
        followers.exclude(own__contains=[choice]).update(**{choice: chosen[choice]})
    choices.save()
    body = {"act": "campaigns.choices"}
    append_audit(scope=organisation.pk, body=body, by=by.pk, now=now)
    return choices


@transaction.atomic
def set_part(
    *, campaign: Campaign, user: User, role: str, by: User, now: datetime
) -> TeamMember | None:
    """Give a member of the organisation a place in the campaign's team, another one, or none
    (`role` empty: their role in the organisation decides again). Raises NotAMember."""
    if not Membership.objects.filter(organisation=campaign.organisation_id, user=user).exists():
        raise NotAMember
    part = None
    if role:
        part, _ = TeamMember.objects.update_or_create(
            campaign=campaign, user=user, defaults={"role": role}
        )
    else:
        TeamMember.objects.filter(campaign=campaign, user=user).delete()
    _audit(campaign, "campaigns.part", by, now, user=user.pk, role=role)
    return part


@transaction.atomic
def close_team(*, campaign: Campaign, is_closed: bool, by: User, now: datetime) -> Campaign:
    """Let in only the team and those responsible for the organisation, or every role again."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.team_is_closed != is_closed:
        campaign.team_is_closed = is_closed
        campaign.save(update_fields=["team_is_closed"])
        _audit(campaign, "campaigns.close_team", by, now, closed=is_closed)
    return campaign


def _free_slug(organisation: Organisation, name: str) -> str:
    wanted = slugify(name.replace("’", "-").replace("'", "-"))[:70].strip("-") or "campagne"
    taken = set(
        Campaign.objects.filter(organisation=organisation, slug__startswith=wanted).values_list(
            "slug", flat=True
        )
    )
    candidates = (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


def _audit(
    campaign: Campaign, act: str, by: User, now: datetime, **facts: str | int | Iterable[str]
) -> None:
    body = {"act": act, "campaign": campaign.pk, **facts}
    append_audit(scope=campaign.organisation_id, body=body, by=by.pk, now=now)
