"""A petition's text in other languages: written with a version, published with it, then frozen.

A correction of what is published is one more row, dated: what people read is never rewritten.
"""

import hashlib
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from levier.foundation.accounts.models import User
from levier.foundation.common.html_cleaning import clean_html
from levier.foundation.ledger.rules import canonical_json
from levier.gathering.petitions.actions.drafting import Words, audit, locked
from levier.gathering.petitions.enums import EDITABLE
from levier.gathering.petitions.errors import AskFrozen, NotReady, WrongState
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.translation import Translation
from levier.gathering.petitions.queries import translations_of

KEPT = ("title", "ask", "story", "image_alt")


@transaction.atomic
def save_translation(
    *, petition: Petition, language: str, words: Words, is_signed: bool, by: User, now: datetime
) -> Translation:
    """Write the draft of one language for the latest text. Raises WrongState, AskFrozen.

    `is_signed` freezes the demand of a language that somebody may have read and signed (P6).
    """
    petition = _open(petition)
    version = Version.objects.filter(petition=petition).latest("n")
    read = translations_of(petition).filter(language=language).first()
    if is_signed and read is not None and read.ask != words.ask:
        raise AskFrozen
    said = {name: value for name, value in asdict(words).items() if name in KEPT}
    said["story"] = clean_html(words.story)
    said["sha256"] = hashlib.sha256(canonical_json(said)).digest()
    draft = Translation.objects.filter(version=version, language=language, published_at=None)
    if not draft.update(**said):
        last = Translation.objects.filter(version=version, language=language).aggregate(n=Max("n"))
        n = (last["n"] or 0) + 1
        Translation.objects.create(version=version, language=language, n=n, created_at=now, **said)
    audit(petition, "save_translation", by, now, language=language, version=version.n)
    return draft.get()


@transaction.atomic
def publish_translation(
    *, petition: Petition, language: str, by: User, now: datetime
) -> Translation:
    """Open the draft of one language beside a text that is public already. Raises NotReady."""
    petition = _open(petition)
    drafts = Translation.objects.filter(version=petition.version_id, published_at=None)
    draft = drafts.filter(language=language).first()
    if draft is None or not is_whole(draft):
        raise NotReady
    publish_drafts(petition=petition, version=draft.version, only=language, by=by, now=now)
    return Translation.objects.get(pk=draft.pk)


@transaction.atomic
def forget_translation(*, petition: Petition, language: str, by: User, now: datetime) -> None:
    """Throw away the draft of one language; what was published stays."""
    petition = _open(petition)
    drafts = Translation.objects.filter(
        version__petition=petition, language=language, published_at=None
    )
    if drafts.delete()[0]:
        audit(petition, "forget_translation", by, now, language=language)


def publish_drafts(
    *, petition: Petition, version: Version, only: str = "", by: User, now: datetime
) -> None:
    """Publish the whole drafts of a version with it, in the caller's transaction."""
    drafts = Translation.objects.filter(version=version, published_at=None)
    drafts = drafts.filter(language=only) if only else drafts
    for draft in drafts.order_by("language"):
        if is_whole(draft):
            Translation.objects.filter(pk=draft.pk).update(published_at=now)
            sha256 = bytes(draft.sha256).hex()
            audit(petition, "publish_translation", by, now, language=draft.language, sha256=sha256)


def is_whole(translation: Translation) -> bool:
    """Whether it says everything that the original does."""
    return all((translation.title.strip(), translation.ask.strip(), translation.story.strip()))


def _open(petition: Petition) -> Petition:
    petition = locked(petition)
    if petition.state not in EDITABLE:
        raise WrongState
    return petition
