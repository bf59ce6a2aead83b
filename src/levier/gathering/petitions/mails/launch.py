"""What somebody who launches a petition is written. Each mail leaves by a job."""

from datetime import datetime

from django.template.loader import render_to_string

from levier.foundation.accounts.mails import send_account_mail
from levier.foundation.messaging.rules.addresses import absolute


def send_resume_link(*, to: str, title: str, token: str, until: datetime) -> None:
    """The link that opens the draft elsewhere, to the mailbox that somebody typed."""
    context = {"title": title, "until": until, "link": absolute(f"/lancer/reprendre/{token}/")}
    send_account_mail(
        to=to,
        subject=render_to_string("mail/petitions/resume.subject.txt", context),
        text=render_to_string("mail/petitions/resume.txt", context),
    )
