from procrastinate.contrib.django import app

from levier.gathering.signing.rules.receipts import Correction, seal_correction

CORRECT = "signing.correct_address"


def queue_correction(*, correction: Correction) -> None:
    """Let the worker look for the signature and move it (P24).

    Moving here would take longer than finding nothing to move, and a stranger could read that on
    a clock (P17).
    """
    app.configure_task(CORRECT).defer(asked=seal_correction(correction))
