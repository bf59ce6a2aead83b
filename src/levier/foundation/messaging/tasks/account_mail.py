"""Mails to the team, one by one, deferred by name in the transaction that asks for them:
`app.configure_task("messaging.send_account_mail").defer(to=…, subject=…, text=…, html=…)`.
"""

import hmac
import re

from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from levier.foundation.common.tokens import key_for
from levier.foundation.messaging.channels.mime import Letter, build
from levier.foundation.messaging.channels.route import route_from
from levier.foundation.messaging.channels.smtp import (
    Answer,
    ConnectionLost,
    Envelope,
    RouteDown,
    SmtpConnection,
)
from levier.foundation.messaging.rules.addresses import mail_host, route_address
from levier.foundation.messaging.rules.mailboxes import mailbox
from levier.foundation.messaging.rules.replies import Verdict, judge

SENDER_NAME = "Levier"
FIRST_WAIT, LONGEST_WAIT = 5, 120  # seconds
ATTEMPTS = 19  # 5 + 10 + 20 + 40 + 80 s, then every 2 minutes: about half an hour
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class NotNow(Exception):
    """The server asks to come back, or cannot be reached."""


class Refused(Exception):
    """The server will never take this mail."""


class HalfAnHour(BaseRetryStrategy):
    """Again and again while the server cannot take it, for about thirty minutes."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None to give up."""
        if not isinstance(exception, NotNow | ConnectionLost | RouteDown):
            return None
        if job.attempts >= ATTEMPTS:
            return None
        wait = min(FIRST_WAIT * 2 ** min(job.attempts, 10), LONGEST_WAIT)
        return RetryDecision(retry_in={"seconds": wait})


@app.task(name="messaging.send_account_mail", retry=HalfAnHour(), pass_context=True)
async def send_account_mail(
    context: JobContext, *, to: str, subject: str, text: str, html: str
) -> None:
    """A sign-in code, an invitation. Run twice, it has the same Message-ID."""
    recipient = mailbox(to)
    connection = await SmtpConnection.connect(route_from(route_address()))
    try:
        eight_bit = connection.offers("8BITMIME")
        sender = f"ne-pas-repondre@{mail_host()}"
        letter = Letter(
            message_id=f"<{_mark(context.job.id or 0)}@{mail_host()}>",
            sender_name=SENDER_NAME,
            sender=sender,
            recipient=recipient.address,
            subject=CONTROL.sub(" ", subject).strip(),
            text=text,
            html=html,
            date=timezone.now(),
            extra={"Auto-Submitted": "auto-generated"},
        )
        envelope = Envelope(
            sender=sender,
            recipient=recipient.address,
            content=build(letter, eight_bit=eight_bit),
            needs_utf8=recipient.needs_utf8,
            eight_bit=eight_bit,
        )
        _check(await connection.submit(envelope))
    finally:
        await connection.quit()


def _check(answer: Answer) -> None:
    verdict = judge(answer.stage, answer.reply)
    if verdict in {Verdict.RETRY, Verdict.ROUTE}:
        raise NotNow(str(answer.reply))
    if verdict is not Verdict.HANDED:
        raise Refused(str(answer.reply))


def _mark(job: int) -> str:
    seal = hmac.digest(key_for("account-mail-id"), str(job).encode(), "sha256").hex()[:20]
    return f"a{job}.{seal}"
