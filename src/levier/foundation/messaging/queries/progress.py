from dataclasses import dataclass

from django.db.models import Sum

from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.tally import MessageTally


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a message is, in readers. The parts add up to the audience."""

    queued: int = 0
    claimed: int = 0
    handed: int = 0
    delivered: int = 0
    bounced: int = 0
    complained: int = 0
    suppressed: int = 0
    expired: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0

    @property
    def audience(self) -> int:
        """Everybody the message was queued for, those erased since left out."""
        return self.waiting + self.gone + self.not_sent

    @property
    def waiting(self) -> int:
        """Those it may still leave to."""
        return self.queued + self.claimed

    @property
    def gone(self) -> int:
        """Those it left to, whatever became of it then, or may have left to."""
        return self.handed + self.delivered + self.bounced + self.complained + self.unknown

    @property
    def not_sent(self) -> int:
        """Those it will never leave to."""
        return self.suppressed + self.expired + self.failed + self.cancelled


def progress_of(message: Message) -> Progress:
    """Read from counters, whatever the number of readers. Not kept for transactional messages."""
    return progress_of_all([message.pk]).get(message.pk, Progress())


def progress_of_all(messages: list[int]) -> dict[int, Progress]:
    """The same for many messages, by id; one nobody was queued for is absent."""
    found: dict[int, dict[str, int]] = {}
    sums = (
        MessageTally.objects.filter(message__in=messages)
        .values_list("message_id", "state")
        .annotate(total=Sum("n"))
        .order_by()
    )
    for message, state, total in sums:
        found.setdefault(message, {})[DeliveryState(state).value] = total
    return {message: Progress(**parts) for message, parts in found.items()}
