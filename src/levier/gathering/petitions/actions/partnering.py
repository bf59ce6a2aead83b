"""Carrying a petition together: one count, and to each its own list."""

from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from levier.foundation.accounts.models import Organisation, User
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.models.partner import PARTNER_SLUG_LENGTH, Partner
from levier.gathering.petitions.models.petition import Petition


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Who carries it, and in which words people agree to hear from them. `sites` are origins."""

    name: str
    website: str
    sentence: str
    sites: list[str]
    organisation: Organisation | None = None


@transaction.atomic
def add_partner(*, petition: Petition, terms: Terms, by: User, now: datetime) -> Partner:
    """A partner with a link of its own, made from its name."""
    petition = locked(petition)
    partner = Partner.objects.create(
        petition=petition, slug=_free_slug(petition, terms.name), created_at=now, **_kept(terms)
    )
    audit(petition, "add_partner", by, now, partner=partner.pk)
    return partner


@transaction.atomic
def change_partner(*, partner: Partner, terms: Terms, by: User, now: datetime) -> Partner:
    """Other words, for who signs from now on: agreements keep those that were read."""
    partner = _locked(partner)
    for field, value in _kept(terms).items():
        setattr(partner, field, value)
    partner.save()
    audit(partner.petition, "change_partner", by, now, partner=partner.pk)
    return partner


@transaction.atomic
def end_partner(*, partner: Partner, by: User, now: datetime) -> Partner:
    """Its link shows no box any more; what was agreed before stays agreed."""
    return _moved(partner, now, "end_partner", by, now)


@transaction.atomic
def resume_partner(*, partner: Partner, by: User, now: datetime) -> Partner:
    """Its link shows its box again."""
    return _moved(partner, None, "resume_partner", by, now)


def _moved(
    partner: Partner, ended_at: datetime | None, act: str, by: User, now: datetime
) -> Partner:
    partner = _locked(partner)
    if (partner.ended_at is None) != (ended_at is None):
        partner.ended_at = ended_at
        partner.save(update_fields=["ended_at"])
        audit(partner.petition, act, by, now, partner=partner.pk)
    return partner


def _kept(terms: Terms) -> dict[str, object]:
    return {field.name: getattr(terms, field.name) for field in fields(terms)}


def _locked(partner: Partner) -> Partner:
    found = Partner.objects.select_for_update(of=("self",)).select_related("petition__campaign")
    return found.get(pk=partner.pk)


def _free_slug(petition: Petition, name: str) -> str:
    plain = name.lower().replace("’", "-").replace("'", "-").replace("œ", "oe")
    wanted = slugify(plain)
    wanted = wanted[: PARTNER_SLUG_LENGTH - 4].strip("-") or "partenaire"
    known = Partner.objects.filter(petition=petition, slug__startswith=wanted)
    taken = set(known.values_list("slug", flat=True))
    candidates = (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)
