"""One mail over one connection, and what its reply is taken for."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from levier.foundation.messaging.actions.acknowledge import Outcome
from levier.foundation.messaging.actions.write_letter import write_letter
from levier.foundation.messaging.channels.brake import Brake
from levier.foundation.messaging.channels.journal import Entry, Journal
from levier.foundation.messaging.channels.smtp import ConnectionLost, SmtpConnection
from levier.foundation.messaging.errors import MessagingError
from levier.foundation.messaging.queries.due import Due
from levier.foundation.messaging.rules.identity import journal_mark
from levier.foundation.messaging.rules.replies import Stage, Verdict, judge

log = logging.getLogger(__name__)

BREAKS_AFTER = 3  # refusals on principle with no mail taken between them (J21)


@dataclass
class Courier:
    """Hands over the mails of a lane, and knows how its route does."""

    lane: str
    brake: Brake
    clock: Callable[[], datetime]
    journal: Journal | None = None
    refusals: int = 0  # on principle, in a row
    last_refusal: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether the route refuses whatever it is given."""
        return self.refusals >= BREAKS_AFTER

    async def hand_over(self, smtp: SmtpConnection, row: Due) -> Outcome:
        """Send one mail. The reply is in the journal before anything else is done with it."""
        outcome = await self._send(smtp, row)
        if self.journal is not None and outcome.verdict is not Verdict.UNSENT:
            mark = journal_mark(
                organisation=row.message.organisation.uuid,
                source=row.source,
                ordinal=row.ordinal,
                typed=row.typed,
            )
            self.journal.replied(
                Entry(
                    delivery=row.pk,
                    lane=self.lane,
                    verdict=outcome.verdict.name,
                    mark=mark,
                    reply=outcome.reply,
                )
            )
        return outcome

    async def _send(self, smtp: SmtpConnection, row: Due) -> Outcome:
        def begun() -> None:
            if self.journal is not None:
                self.journal.begun(row.pk)

        try:
            envelope = write_letter(
                delivery=row, eight_bit=smtp.offers("8BITMIME"), now=self.clock()
            )
            stage, reply = await smtp.submit(envelope, begun=begun)
        except MessagingError as error:
            log.error("delivery %s cannot leave: %s", row.pk, type(error).__name__)
            return Outcome(delivery=row, verdict=Verdict.BROKEN, reply=str(error))
        except ConnectionLost as error:
            return self._lost(smtp, row, error)
        if reply.code == 421 and stage is Stage.MAIL and smtp.sent:
            # « enough on this connection »: another one is opened
            return Outcome(delivery=row, verdict=Verdict.UNSENT)
        return Outcome(
            delivery=row, verdict=self._learnt(judge(stage, reply), str(reply)), reply=str(reply)
        )

    def _learnt(self, verdict: Verdict, reply: str) -> Verdict:
        """What a reply says of the route."""
        if verdict in {Verdict.ROUTE, Verdict.POLICY}:
            pause = self.brake.press()
            log.error("lane %s: the route refuses (%s); pause of %g s", self.lane, reply, pause)
        else:
            self.brake.release()
        if verdict is Verdict.POLICY:
            self.refusals, self.last_refusal = self.refusals + 1, reply
        elif verdict is Verdict.HANDED:
            self.refusals = 0
        return verdict

    def _lost(self, smtp: SmtpConnection, row: Due, error: ConnectionLost) -> Outcome:
        smtp.abort()
        if error.after_content:
            self.brake.press()
            return Outcome(delivery=row, verdict=Verdict.LOST, reply=f"connection lost: {error}")
        if not smtp.sent:  # a connection that never worked; one that did was merely closed
            log.warning("lane %s: connection lost (%s)", self.lane, error)
            self.brake.press()
        return Outcome(delivery=row, verdict=Verdict.UNSENT)
