"""What we write to people who work here. Each mail leaves by a job of the same transaction."""

import re

import mrml
from django.conf import settings
from django.template.loader import render_to_string
from procrastinate.contrib.django import app

from levier.foundation.accounts.models import Invitation

SEND = "messaging.send_account_mail"


def send_invitation(invitation: Invitation, *, secret: str) -> None:
    """The link that lets somebody into the team."""
    context = {
        "invitation": invitation,
        "link": f"{settings.BASE_URL}/invitation/{secret}/",
    }
    send_account_mail(
        to=invitation.email,
        subject=render_to_string("mail/accounts/invitation.subject.txt", context),
        text=render_to_string("mail/accounts/invitation.txt", context),
    )


def send_account_mail(*, to: str, subject: str, text: str) -> None:
    """Queue a mail written as plain text; its HTML is the same words.

    A paragraph that is only a link becomes a button, one that is only a code is set large.
    """
    subject = " ".join(subject.split())
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    html = mrml.to_html(
        render_to_string(
            "mail/accounts/account.mjml",
            {
                "subject": subject,
                "paragraphs": [(_kind(part), part) for part in paragraphs],
            },
        )
    ).content
    app.configure_task(SEND).defer(
        to=to, subject=subject, text="\n\n".join(paragraphs) + "\n", html=html
    )


def _kind(paragraph: str) -> str:
    if re.fullmatch(r"https?://\S+", paragraph):
        return "link"
    return "code" if re.fullmatch(r"[A-Z0-9-]{5,12}", paragraph) else "words"
