"""What a reply says, by the command it answers."""

from datetime import timedelta

import pytest

from levier.foundation.messaging.rules.replies import (
    LONGEST_DELAY,
    Reply,
    Stage,
    Verdict,
    judge,
    retry_delay,
)


@pytest.mark.parametrize(
    ("stage", "code", "text", "verdict"),
    [
        (Stage.CONTENT, 250, "2.0.0 ok", Verdict.HANDED),
        (Stage.RCPT, 450, "4.2.0 greylisted", Verdict.RETRY),
        (Stage.RCPT, 451, "4.7.1 too fast", Verdict.DOMAIN),
        (Stage.MAIL, 452, "4.3.1 no room", Verdict.ROUTE),
        (Stage.CONTENT, 421, "bye", Verdict.DOMAIN),
        (Stage.RCPT, 421, "4.3.2 going down", Verdict.ROUTE),
        (Stage.RCPT, 550, "5.1.1 unknown", Verdict.DEAD_ADDRESS),
        (Stage.RCPT, 550, "no such user", Verdict.DEAD_ADDRESS),
        (Stage.RCPT, 550, "5.2.1 disabled", Verdict.DEAD_ADDRESS),
        (Stage.RCPT, 552, "5.2.2 full", Verdict.FULL_MAILBOX),
        (Stage.RCPT, 550, "5.7.1 relaying denied", Verdict.POLICY),
        (Stage.RCPT, 554, "no", Verdict.REFUSED),
        (Stage.RCPT, 550, "5.4.1 no route", Verdict.REFUSED),
        (Stage.MAIL, 550, "5.1.8 bad sender", Verdict.POLICY),
        (Stage.MAIL, 552, "5.3.4 too big", Verdict.REFUSED),
        (Stage.CONTENT, 550, "5.1.1 unknown after all", Verdict.DEAD_ADDRESS),
        (Stage.CONTENT, 550, "not that", Verdict.REFUSED),
        (Stage.CONTENT, 554, "5.7.1 looks like spam", Verdict.POLICY),
        (Stage.DATA, 554, "no valid recipients", Verdict.REFUSED),
    ],
)
def test_J21_each_reply_has_one_meaning(
    stage: Stage, code: int, text: str, verdict: Verdict
) -> None:
    assert judge(stage, Reply(code, text)) is verdict


def test_J20_delays_grow_up_to_half_an_hour() -> None:
    delays = [retry_delay(attempts) for attempts in (0, 1, 2, 3, 4, 50, 10_000)]
    assert delays[:4] == [timedelta(seconds=s) for s in (20, 60, 180, 540)]
    assert delays[4:] == [timedelta(seconds=1_620), LONGEST_DELAY, LONGEST_DELAY]
