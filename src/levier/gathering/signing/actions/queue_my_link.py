from datetime import datetime

from procrastinate.contrib.django import app

from levier.gathering.signing.rules.links import seal_asked_address

SEND = "signing.send_my_link"


def queue_my_link(*, email: str, now: datetime) -> None:
    """Let the worker look for the mailbox and write to it (P29).

    Looking here would take longer for a known address than for another, and a stranger could
    read that on a clock. The job carries the address sealed.
    """
    app.configure_task(SEND).defer(asked=seal_asked_address(email, now=now))
