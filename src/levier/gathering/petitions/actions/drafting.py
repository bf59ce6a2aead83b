"""Beginning a petition and writing it."""

import hashlib
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.models import Campaign
from levier.foundation.common.html_cleaning import clean_html
from levier.foundation.directory.models import Mandate, Post
from levier.foundation.ledger.actions import append_audit
from levier.foundation.ledger.rules import canonical_json
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.errors import WrongState
from levier.gathering.petitions.models.petition import Petition, Slug, Version

SLUG_LENGTH = 80


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a version says. `story` is HTML, cleaned again here; `image` a path in the media."""

    title: str
    ask: str
    story: str
    image: str = ""
    image_alt: str = ""
    image_credit: str = ""


@transaction.atomic
def start_draft(*, campaign: Campaign, words: Words, by: User, now: datetime) -> Petition:
    """A draft with its first words, at an address made from its title; only the team sees it."""
    petition = Petition.objects.create(
        uuid=uuid.uuid4(),
        campaign=campaign,
        author=by,
        country=campaign.organisation.country,
        created_at=now,
    )
    write_version(petition=petition, n=1, words=words, now=now, published_at=None)
    Slug.objects.create(petition=petition, slug=free_slug(words.title))
    audit(petition, "start_draft", by, now)
    return petition


@transaction.atomic
def save_draft(*, petition: Petition, words: Words, by: User, now: datetime) -> Version:
    """Write the draft's words again. Raises WrongState once the petition is published."""
    petition = locked(petition)
    if petition.state not in {PetitionState.DRAFT, PetitionState.IN_REVIEW}:
        raise WrongState
    draft = Version.objects.get(petition=petition, published_at=None)
    for field, value in _kept(words).items():
        setattr(draft, field, value)
    draft.save()
    audit(petition, "save_draft", by, now)
    return draft


@transaction.atomic
def set_addressee(
    *,
    petition: Petition,
    mandate: Mandate | None,
    post: Post | None = None,
    text: str = "",
    by: User,
    now: datetime,
) -> Petition:
    """Say to whom: somebody holding a post, a post whoever holds it or, in a draft, free words.

    Raises WrongState when a published petition would be left addressed to nobody.
    """
    petition = locked(petition)
    post = mandate.post if mandate else post
    if post is None and petition.published_at is not None:
        raise WrongState
    petition.addressee_post = post
    petition.addressee_person = mandate.person if mandate else None
    petition.addressee_text = "" if post else text
    changed = ["addressee_post", "addressee_person", "addressee_text"]
    petition.save(update_fields=changed)
    told = {"mandate": mandate.pk if mandate else None, "post": post.pk if post else None}
    audit(petition, "set_addressee", by, now, **told)
    return petition


def write_version(
    *, petition: Petition, n: int, words: Words, now: datetime, published_at: datetime | None
) -> Version:
    """One more version, in the caller's transaction."""
    return Version.objects.create(
        petition=petition, n=n, created_at=now, published_at=published_at, **_kept(words)
    )


def says_the_same(version: Version, words: Words) -> bool:
    """Whether a version already says these words."""
    said = {**asdict(words), "story": clean_html(words.story)}
    return all(getattr(version, field) == value for field, value in said.items())


def _kept(words: Words) -> dict[str, str | bytes]:
    said = {**asdict(words), "story": clean_html(words.story)}
    return {**said, "sha256": hashlib.sha256(canonical_json(said)).digest()}


def free_slug(title: str) -> str:
    """An address nobody has, made from a title."""
    plain = slugify(title.replace("’", "-").replace("'", "-").replace("œ", "oe"))
    wanted = plain[:SLUG_LENGTH].strip("-") or "petition"
    taken = set(Slug.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    candidates = (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


def locked(petition: Petition) -> Petition:
    """The petition as it is now; nobody else changes it until the commit."""
    return (
        Petition.objects.select_for_update(of=("self",))
        .select_related("campaign", "version")
        .get(pk=petition.pk)
    )


def audit(petition: Petition, act: str, by: User, now: datetime, **facts: object) -> None:
    """Write the gesture in the organisation's log."""
    append_audit(
        scope=petition.campaign.organisation_id,
        body={"act": f"petitions.{act}", "petition": str(petition.uuid), **facts},
        by=by.pk,
        now=now,
    )
