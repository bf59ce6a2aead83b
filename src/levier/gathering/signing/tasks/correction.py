"""The address that somebody corrected right after signing."""

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.foundation.common.tokens import BadToken
from levier.gathering.signing.actions.correct_address import correct_address
from levier.gathering.signing.actions.queue_correction import CORRECT
from levier.gathering.signing.rules.receipts import correction_in


@app.task(name=CORRECT)
def correct_mistyped_address(*, asked: str) -> None:
    """As of the moment it was asked, however late the worker is; run twice, it moves once."""
    try:
        correction = correction_in(asked, now=timezone.now())
    except BadToken:
        return
    correct_address(
        receipt=correction.receipt,
        given_at=correction.given_at,
        email=correction.email,
        now=correction.asked_at,
    )
