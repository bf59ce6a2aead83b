"""Changes to campaigns."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.models import Campaign
from levier.foundation.ledger.actions import append_audit


@dataclass(frozen=True, kw_only=True)
class CampaignChoices:
    """What the petitions of a campaign inherit."""

    comment_policy: str
    retention_months: int
    offers_org_news: bool
    offers_phone: bool
    offers_post: bool


@transaction.atomic
def start_campaign(*, organisation: Organisation, name: str, by: User, now: datetime) -> Campaign:
    """A campaign with the choices most people want. Its address is made from its name."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    campaign = Campaign.objects.create(
        organisation=organisation, name=name, slug=_free_slug(organisation, name), created_at=now
    )
    _audit(campaign, "campaigns.start", by, now)
    return campaign


@transaction.atomic
def change_campaign(
    *, campaign: Campaign, name: str, choices: CampaignChoices, by: User, now: datetime
) -> Campaign:
    """Change its name and choices; a comment or a consent already given keeps what it was."""
    changes = {"name": name, **asdict(choices)}
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    for field, value in changes.items():
        setattr(campaign, field, value)
    campaign.save(update_fields=list(changes))
    _audit(campaign, "campaigns.change", by, now)
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


def _audit(campaign: Campaign, act: str, by: User, now: datetime) -> None:
    body = {"act": act, "campaign": campaign.pk}
    append_audit(scope=campaign.organisation_id, body=body, by=by.pk, now=now)
