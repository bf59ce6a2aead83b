"""The personal link that somebody asked for."""

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.foundation.common.tokens import BadToken
from levier.gathering.signing.actions.queue_my_link import SEND
from levier.gathering.signing.actions.request_my_link import request_my_link
from levier.gathering.signing.rules.links import asked_address_in


@app.task(name=SEND)
def send_my_link(*, asked: str) -> None:
    """To the mailbox, if it is known; run twice, it writes once. A job left by a worker that was
    away for a day, or sealed under an older key, is asked for again by who still wants it."""
    now = timezone.now()
    try:
        email = asked_address_in(asked, now=now)
    except BadToken:
        return
    request_my_link(email=email, now=now)
