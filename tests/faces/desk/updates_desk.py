"""News in every state, for the tests of their desk."""

from datetime import datetime
from typing import Any

from django.db.models import F

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.actions.start_draft import start_draft
from levier.gathering.updates.enums import UpdateKind, UpdateState
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update

UPDATES = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/mises-a-jour/"
ARTICLE = {"title": "Les parents bloquent la rue", "outlet": "Ouest-Valmont", "day": "2026-09-12"}


def make_draft(
    petition: Petition, by: User, now: datetime, kind: str = UpdateKind.ARTICLE, **fields: Any
) -> Update:
    """A draft with its ask, as « nouvelle » makes it; `fields` are those of Update."""
    update = start_draft(petition=petition, kind=kind, by=by, now=now)
    if fields:
        Update.objects.filter(pk=update.pk).update(**fields)
        update.refresh_from_db()
    return update


def make_whole(
    petition: Petition, by: User, now: datetime, kind: str = UpdateKind.ARTICLE, **fields: Any
) -> Update:
    """A draft that lacks nothing."""
    return make_draft(
        petition,
        by,
        now,
        kind,
        **{
            "title": "Ouest-Valmont parle de nous",
            "body": "<p>Un bel article ce matin. Merci !</p>",
            "article_url": "https://ouest-valmont.example/lilas",
            "article": ARTICLE,
            "article_state": "read",
            **fields,
        },
    )


def make_sent(
    petition: Petition, by: User, at: datetime, n: int = 1, kind: str = UpdateKind.ARTICLE
) -> Update:
    """News that left, as the public reads it; no mail of it was written."""
    return make_whole(
        petition,
        by,
        at,
        kind,
        photo=f"images/{n:032x}.jpg",
        photo_alt="Des enfants à vélo",
        article_url="",
        article={},
        article_state="",
        state=UpdateState.SENT,
        n=n,
        release_at=at,
        published_at=at,
    )


def typed(update: Update, **changes: Any) -> dict[str, Any]:
    """What the composer sends for a draft as it is, with changes."""
    ask = Ask.objects.get(pk=update.pk)
    sent = {
        "edition": update.edition,
        "kind": update.kind,
        "title": update.title,
        "body": "",
        "ask": ask.kind,
        "label": ask.label,
        "instructions": ask.instructions,
        "suggested_text": ask.suggested_text,
        "zone": ask.zone or "Europe/Paris",
        "article-url": update.article_url,
        "article-title": update.article.get("title", ""),
        "article-outlet": update.article.get("outlet", ""),
        "article-day": update.article.get("day", ""),
        "image_alt": update.photo_alt,
        "image_credit": update.photo_credit,
        "kept_image": update.photo,
    }
    return {**sent, **changes}


def edited_by(update: Update, user: User, now: datetime, **fields: Any) -> None:
    """Somebody else writes meanwhile."""
    Update.objects.filter(pk=update.pk).update(
        edited_by=user, edited_at=now, edition=F("edition") + 1, **fields
    )
