"""The visit of the mailbox of returns."""

import logging
from collections import Counter
from datetime import datetime

from levier.foundation.messaging.actions.receive_mail import Received, receive_mail
from levier.foundation.messaging.channels.returns import ReturnBox, opened

log = logging.getLogger(__name__)


def read_returns(*, box: ReturnBox, now: datetime) -> Counter[Received]:
    """Read what is new, each mail in a transaction of its own, and put it away once that is
    committed: stopped between the two, the next visit reads it again, which changes nothing.

    Raises MailboxAway; what was read before stays read.
    """
    done: Counter[Received] = Counter()
    with opened(box) as mails:
        for uid in mails.unread():
            became = receive_mail(raw=mails.mail(uid), now=now)
            done[became] += 1
            if became in {Received.UNREADABLE, Received.STRANGE}:
                mails.left(uid)
            else:
                mails.done(uid)
    if done:
        log.info("returns read: %s", ", ".join(f"{n} {what}" for what, n in done.items()))
    return done
