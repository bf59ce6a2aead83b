"""Drafts of news and who agreed to get them, made from the models directly."""

from datetime import datetime
from typing import Any

from django.db import connection

from levier.foundation.accounts.models import User
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.models.consent import ConsentState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.enums import AskKind, UpdateKind, UpdateState
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.words import AskWords, Words
from tests.cast import NOW, make_signature, person_of

PHOTO = {"photo": "images/0123456789abcdef0123456789abcdef.jpg", "photo_alt": "La rue des Lilas"}
WORDS = Words(kind=UpdateKind.TESTIMONY, title="Racontez-nous", body="<p>La rue et vous.</p>")
TESTIFY = AskWords(kind=AskKind.TESTIFY, label="Raconter mon expérience")


def make_draft(petition: Petition, by: User | None = None, **fields: Any) -> Update:
    """A whole draft that lacks nothing, asking for testimonies."""
    ask = fields.pop("ask", AskKind.TESTIFY)
    by = by or petition.author
    update = Update.objects.create(
        **{
            "petition": petition,
            "kind": UpdateKind.TESTIMONY,
            "title": "Racontez-nous la rue des Lilas",
            "body": "<p>Chaque matin, quatre cents enfants passent ici.</p>",
            **PHOTO,
            "author": by,
            "edited_by": by,
            "edited_at": NOW,
            "created_at": NOW,
            **fields,
        }
    )
    Ask.objects.create(update=update, kind=ask, label="Raconter mon expérience")
    return update


def make_planned(petition: Petition, at: datetime, **fields: Any) -> Update:
    """The same, that leaves at an hour."""
    update = make_draft(petition, **fields)
    Update.objects.filter(pk=update.pk).update(state=UpdateState.SCHEDULED, release_at=at)
    return Update.objects.get(pk=update.pk)


def make_agreeing(petition: Petition, email: str = "", **fields: Any) -> Signature:
    """A signatory who said yes to the news of this petition."""
    signature = make_signature(petition, email, **fields)
    agree(signature)
    return signature


def agree(signature: Signature, *, given: bool = True) -> None:
    ConsentState.objects.update_or_create(
        person=person_of(signature),
        channel=Channel.EMAIL,
        purpose=Purpose.PETITION_NEWS,
        scope=f"petition:{signature.petition_id}",
        defaults={"given": given, "at": NOW},
    )


def mails_of(update: Update) -> list[Delivery]:
    """What was written for it, in order."""
    return list(Delivery.objects.filter(source=f"update:{update.pk}").order_by("pk"))


def set_mails(update: Update, state: str, *, most: int = 0) -> int:
    """What a sender would have made of its mails."""
    rows = [mail.pk for mail in mails_of(update) if mail.state == "queued"]
    chosen = rows[: most or len(rows)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE levier_delivery SET state = %s, claimed_by = gen_random_uuid(),"
            " finished_at = created_at WHERE id = ANY(%s)",
            [state, chosen],
        )
    return len(chosen)
