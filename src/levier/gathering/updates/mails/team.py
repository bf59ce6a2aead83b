"""What the team is written about its news. Each mail leaves by a job of the same transaction."""

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from procrastinate.contrib.django import app

from levier.foundation.accounts.mails import send_account_mail
from levier.foundation.accounts.models import User
from levier.foundation.campaigns.enums import Right
from levier.foundation.campaigns.rules import users_with
from levier.foundation.messaging.mails.compiled import Rendered
from levier.foundation.messaging.queries.progress import Progress
from levier.gathering.petitions.queries import desk_slug, latest_title
from levier.gathering.updates.mails.update import desk_link
from levier.gathering.updates.models.update import Update

SEND = "messaging.send_account_mail"


def send_to_approve(update: Update) -> None:
    """To everyone of the team who may approve it: not to who wrote it."""
    writers = {update.author_id, update.edited_by_id}
    editors = users_with(Right.EDIT, update.petition.campaign)
    context = {"author": str(update.edited_by), "link": _desk(update, "apercu/")}
    _send("to_approve", [user for user in editors if user.pk not in writers], update, context)


def send_approved(update: Update, *, by: User) -> None:
    """To the author: it may leave."""
    context = {"by": str(by), "link": _desk(update, "apercu/")}
    _send("approved", [update.author], update, context)


def send_sent_back(update: Update, *, by: User) -> None:
    """To the author: why, and where the text is."""
    context = {"by": str(by), "reason": update.sent_back_because, "link": _desk(update)}
    _send("sent_back", [update.author], update, context)


def send_finished(update: Update, progress: Progress) -> None:
    """To everyone who may edit the petition: what became of it, and where the results are."""
    context = {
        **{name: getattr(progress, name) for name in ("audience", "gone", "bounced", "unknown")},
        "not_sent": progress.not_sent,
        "link": _desk(update, "resultats/"),
    }
    _send("finished", users_with(Right.EDIT, update.petition.campaign), update, context)


def send_reminder(update: Update) -> None:
    """To the author of a draft: the day they chose, or the day after the meeting (U13)."""
    follows = update.follows
    context = {"after_meeting": follows is not None, "link": _desk(update)}
    if follows is not None:
        context["news"] = follows.title
    _send("remind", [update.author], update, context)


def send_rehearsal(to: User, letter: Rendered, *, subject: str) -> None:
    """The update itself, to its author's own address (U36)."""
    app.configure_task(SEND).defer(to=to.email, subject=subject, text=letter.text, html=letter.html)


def _desk(update: Update, page: str = "") -> str:
    return desk_link(desk_slug(update.petition), update, page)


def _send(name: str, to: Iterable[User], update: Update, context: dict[str, Any]) -> None:
    context = {"news": update.title, "petition": latest_title(update.petition), **context}
    subject = render_to_string(f"mail/updates/{name}.subject.txt", context)
    text = render_to_string(f"mail/updates/{name}.txt", context)
    for user in to:
        send_account_mail(to=user.email, subject=subject, text=text)
