"""The news that the demonstration's petition has sent: a call for testimonies, an article, and a
draft for the next one. What their readers did is written as of then; no mail leaves for it."""

from datetime import datetime, timedelta

from django.utils import timezone

from levier.foundation.accounts.models import User
from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.actions.begin_sending import begin_sending
from levier.gathering.updates.actions.count_areas import count_areas
from levier.gathering.updates.actions.locking import lock_ask
from levier.gathering.updates.actions.queue_audience import queue_audience
from levier.gathering.updates.actions.respond import Said, respond
from levier.gathering.updates.actions.start_draft import start_draft
from levier.gathering.updates.enums import Answer, UpdateKind, UpdateState
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.update import Update
from levier.project.demo import gathered, told

AN_HOUR = timedelta(hours=1)
EVENING = 18  # o'clock: when people read


def tell_news(petition: Petition, *, by: User, now: datetime) -> None:
    """Once people have signed and the journals have counted them."""
    version = petition.version
    picture = {"photo": version.image, "photo_alt": told.STREET_PICTURE} if version else {}
    street = _told(
        petition,
        UpdateKind.TESTIMONY,
        by,
        _evening(now, told.STREET_DAYS),
        title=told.STREET_TITLE,
        body=told.STREET_BODY,
        **picture,
    )
    _testimonies(street, by)
    link = PressLink.objects.get(petition=petition, url=gathered.PRESS_URL)
    article = _told(
        petition,
        UpdateKind.ARTICLE,
        by,
        _evening(now, told.ARTICLE_DAYS),
        title=told.ARTICLE_TITLE,
        body=told.ARTICLE_BODY,
        press_link=link,
    )
    _shared(article)
    draft = start_draft(petition=petition, kind=UpdateKind.MEETING_OBTAINED, by=by, now=now)
    Update.objects.filter(pk=draft.pk).update(title=told.DRAFT_TITLE, body=told.DRAFT_BODY)


def _evening(now: datetime, days: int) -> datetime:
    there = timezone.localtime(now - timedelta(days=days))
    return there.replace(hour=EVENING, minute=0, second=0, microsecond=0)


def _told(petition: Petition, kind: str, by: User, at: datetime, **fields: object) -> Update:
    """News that left at that hour, and arrived."""
    draft = start_draft(petition=petition, kind=kind, by=by, now=at)
    Update.objects.filter(pk=draft.pk).update(
        release_at=at, state=UpdateState.SCHEDULED, edited_at=at, **fields
    )
    update = begin_sending(lock_ask(draft.pk), now=at)
    queue_audience(update=update.pk, now=at)
    mails = Delivery.objects.filter(message=update.message_id)
    mails.update(state=DeliveryState.HANDED, attempts=1, finished_at=at + AN_HOUR)
    Update.objects.filter(pk=update.pk).update(
        state=UpdateState.SENT, first_sent_at=at, finished_at=at + AN_HOUR
    )
    count_areas(update=update.pk)
    return update


def _testimonies(update: Update, by: User) -> None:
    signed = {row.number: row for row in _signed(update, [one.nth for one in told.TESTIMONIES])}
    for one in told.TESTIMONIES:
        said = Said(
            kind=Answer.TEXT,
            words=one.words,
            for_page=one.for_page,
            for_press=one.for_press,
            show_name=one.show_name,
        )
        at = _hour(update, one.hours)
        answer = respond(ask_id=update.pk, signature=signed[one.nth], said=said, now=at)
        Response.objects.filter(pk=answer.pk).update(state=one.state)


def _shared(update: Update) -> None:
    """More at first, fewer later, as it is."""
    numbers = [7 + 37 * n for n in range(told.ARTICLE_SHARED)]
    for n, signature in enumerate(_signed(update, numbers)):
        at = _hour(update, n * n * 48 / told.ARTICLE_SHARED**2)
        respond(ask_id=update.pk, signature=signature, said=Said(kind=Answer.DONE), now=at)


def _hour(update: Update, hours: float) -> datetime:
    if update.published_at is None:
        raise ValueError(update.pk)
    return update.published_at + hours * AN_HOUR


def _signed(update: Update, numbers: list[int]) -> list[Signature]:
    rows = Signature.objects.filter(petition=update.petition_id, number__in=numbers)
    return list(rows.select_related("person", "contact_point").order_by("number"))
