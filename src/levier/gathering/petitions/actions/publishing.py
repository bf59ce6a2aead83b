"""From draft to public, and new versions after that."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import (
    Words,
    audit,
    locked,
    says_the_same,
    write_version,
)
from levier.gathering.petitions.actions.translating import publish_drafts
from levier.gathering.petitions.enums import EDITABLE, PetitionState
from levier.gathering.petitions.errors import AskFrozen, NotReady, WrongState
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.review import Review


@transaction.atomic
def publish(*, petition: Petition, by: User, now: datetime) -> Petition:
    """Open a draft to the public. Raises NotReady, WrongState.

    `signing.actions.opening.open_petition` is what a face calls: it opens the count as well.
    """
    petition = locked(petition)
    if petition.state not in {PetitionState.DRAFT, PetitionState.IN_REVIEW}:
        raise WrongState
    draft = Version.objects.filter(petition=petition, published_at=None).first()
    if draft is None or not is_complete(petition, draft):
        raise NotReady
    draft.published_at = now
    draft.save(update_fields=["published_at"])
    petition.version = draft
    petition.published_at = now
    petition.state = PetitionState.OPEN
    petition.save(update_fields=["version", "published_at", "state"])
    publish_drafts(petition=petition, version=draft, by=by, now=now)
    close_review(petition=petition, approved=True, reason="", by=by, now=now)
    audit(petition, "publish", by, now, version=draft.n, sha256=bytes(draft.sha256).hex())
    return petition


@transaction.atomic
def revise(
    *, petition: Petition, words: Words, is_signed: bool, by: User, now: datetime
) -> Version:
    """A new dated version of a published petition; each signature keeps the one it saw (P6).

    `is_signed` freezes the ask: raises AskFrozen when it differs. The same words make no version.
    """
    petition = locked(petition)
    current = petition.version
    if current is None or petition.state not in EDITABLE:
        raise WrongState
    if is_signed and words.ask != current.ask:
        raise AskFrozen
    if says_the_same(current, words):
        return current
    n = Version.objects.filter(petition=petition).aggregate(n=Max("n"))["n"] + 1
    version = write_version(petition=petition, n=n, words=words, now=now, published_at=now)
    petition.version = version
    petition.save(update_fields=["version"])
    audit(petition, "revise", by, now, version=n, sha256=bytes(version.sha256).hex())
    return version


def close_review(
    *, petition: Petition, approved: bool, reason: str, by: User, now: datetime
) -> None:
    """Decide the review that waits, if one does, in the caller's transaction (P5)."""
    Review.objects.filter(petition=petition, decided_at=None).update(
        decided_at=now, decided_by=by, approved=approved, reason=reason
    )


def is_complete(petition: Petition, draft: Version) -> bool:
    """Whether a draft says enough to be published."""
    said = all((draft.title.strip(), draft.ask.strip(), draft.story.strip()))
    return said and petition.addressee_post_id is not None
