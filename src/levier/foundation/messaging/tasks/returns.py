"""What came back, looked for by the clock."""

import logging

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from levier.foundation.messaging.actions.read_returns import read_returns
from levier.foundation.messaging.channels.returns import MailboxAway, return_box

log = logging.getLogger(__name__)


@app.periodic(cron="*/3 * * * *")
@app.task(name="messaging.read_returns", queueing_lock="messaging.read_returns")
def look_for_returns(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every three minutes, where a mailbox of returns is set. Away, it is visited next time."""
    url = settings.BOUNCE_IMAP_URL
    if not url:
        return
    try:
        read_returns(box=return_box(url), now=timezone.now())
    except MailboxAway as error:
        log.warning("the mailbox of returns is away: %s", error)
