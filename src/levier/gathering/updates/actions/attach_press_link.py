from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.enums import WRITABLE, ArticleState
from levier.gathering.updates.errors import WrongState
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.card import Card

READ = "updates.read_article"
ARTICLE = ("article_url", "article", "article_state", "edited_by", "edited_at", "approved_by")


@transaction.atomic
def attach_press_link(
    *, update: Update, url: str, card: Card | None = None, by: User, now: datetime
) -> Update:
    """Illustrate a draft with an article. Without a card, the page is read by a job (U5); with
    one, its title and outlet are what was typed (U6). One that the petition already shows keeps
    the card it has there.

    `url` is a web address, as `petitions.forms.press` cleans it. Raises WrongState.
    """
    draft = lock_ask(update.pk).update
    if draft.state not in WRITABLE:
        raise WrongState
    card = card or _known(draft, url)
    draft.article_url = url
    draft.article = card.kept() if card else {}
    draft.article_state = ArticleState.READ if card else ArticleState.READING
    draft.edited_by, draft.edited_at, draft.approved_by = by, now, None
    draft.save(update_fields=ARTICLE)
    if card is None:
        app.configure_task(READ).defer(update=draft.pk, url=url)
    audit(draft, "attach_press_link", by, now)
    return draft


@transaction.atomic
def remove_press_link(*, update: Update, by: User, now: datetime) -> Update:
    """Without an article. Twice is the same as once. Raises WrongState."""
    draft = lock_ask(update.pk).update
    if draft.state not in WRITABLE:
        raise WrongState
    draft.article_url, draft.article, draft.article_state = "", {}, ""
    draft.edited_by, draft.edited_at, draft.approved_by = by, now, None
    draft.save(update_fields=ARTICLE)
    audit(draft, "remove_press_link", by, now)
    return draft


@transaction.atomic
def keep_article(*, update: int, url: str, card: Card | None) -> bool:
    """What a job read of the page, None when it could not. Kept only if the draft still waits for
    that page: what was typed by hand meanwhile stays. Returns whether it was."""
    waiting = Update.objects.filter(
        pk=update, article_url=url, article_state=ArticleState.READING, state__in=WRITABLE
    )
    if card is None or not (card.title and card.outlet):
        told = card.kept() if card else {}
        return bool(waiting.update(article=told, article_state=ArticleState.FAILED))
    return bool(waiting.update(article=card.kept(), article_state=ArticleState.READ))


def _known(draft: Update, url: str) -> Card | None:
    shown = PressLink.objects.filter(petition=draft.petition_id, url=url).first()
    if shown is None:
        return None
    return Card(title=shown.title, outlet=shown.outlet, day=shown.day, image=shown.image)
