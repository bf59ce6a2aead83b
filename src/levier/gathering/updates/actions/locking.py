"""The rows that every verb about an update takes first, and its line in the log."""

from datetime import datetime

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update

PETITION_WITH = (
    "version",
    "author",
    "campaign__organisation",
    "addressee_post__organization",
    "addressee_person",
)
ASK_WITH = ("contact", "update__author", "update__edited_by", "update__press_link")


def lock_petition(petition: int) -> Petition:
    """The petition, whose news nobody else publishes until the commit: the lock of the database's
    guard (docs/decisions/83). Signatures do not wait for it."""
    return (
        Petition.objects.select_for_update(of=("self",), no_key=True)
        .select_related(*PETITION_WITH)
        .get(pk=petition)
    )


def lock_ask(update: int) -> Ask:
    """The update as it is now (`ask.update`), with its ask, its petition and its organisation."""
    Update.objects.select_for_update(no_key=True).get(pk=update)
    ask = Ask.objects.select_related(*ASK_WITH, "update__message", "update__milestone").get(
        pk=update
    )
    ask.update.petition = Petition.objects.select_related(*PETITION_WITH).get(
        pk=ask.update.petition_id
    )
    return ask


def audit(update: Update, act: str, by: User | None, now: datetime, **facts: object) -> None:
    """Write the gesture in the organisation's log (U62); without `by`, the machine's own."""
    append_audit(
        scope=update.petition.campaign.organisation_id,
        body={
            "act": f"updates.{act}",
            "petition": str(update.petition.uuid),
            "update": update.pk,
            **facts,
        },
        by=by.pk if by else None,
        now=now,
    )
