"""What providers tell, read by django-anymail and said in our words. Opened and clicked are left
unread: nobody is followed here. The kinds and reasons are the words of anymail's documentation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from levier.foundation.messaging.enums import EventKind
from levier.foundation.messaging.rules.identity import delivery_in
from levier.foundation.messaging.rules.notices import CODE, Notice, kind_of_failure, notice_key
from levier.foundation.messaging.rules.providers import MARK, marked

REPLY_LENGTH = 300
BOUNCED, REJECTED, LEFT, INVALID = "bounced", "rejected", "unsubscribed", "invalid"
KINDS = {
    "delivered": EventKind.DELIVERED,
    "complained": EventKind.COMPLAINT,
    "failed": EventKind.REJECTED,
}
# Not even tried by the provider, because of what it already knows of the address.
REFUSALS = {
    INVALID: EventKind.HARD_BOUNCE,
    BOUNCED: EventKind.HARD_BOUNCE,
    "spam": EventKind.COMPLAINT,
}
# The word by which each says that a bounce is for good, or is not.
FOR_GOOD = {"hard_bounce", "invalid_email", "HardBounce", "BadEmailAddress", "Permanent"}
FOR_NOW = {"soft_bounce", "SoftBounce", "Transient", "Undetermined", "blocked"}


class Event(Protocol):
    """What anymail makes of a provider's event, whichever it is."""

    event_type: str
    event_id: str | None
    timestamp: datetime | None
    esp_event: Any
    message_id: str | None
    metadata: Any
    mta_response: str | None
    description: str | None
    reject_reason: str | None


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one call told: notices, and deliveries whose readers asked to leave."""

    notices: tuple[Notice, ...] = ()
    leaving: tuple[int, ...] = ()
    strange: int = 0  # about mails that are not ours


def told_by(provider: str, events: Sequence[Event], *, now: datetime) -> Told:
    """Read a provider's events. Nothing in them is believed of a delivery that our mark or our
    Message-ID does not name."""
    notices, leaving, strange = [], [], 0
    for event in events:
        kind = _kind(event)
        if kind is None and event.event_type != LEFT:
            continue
        delivery = _delivery(event)
        if delivery is None:
            strange += 1
        elif kind is None:
            leaving.append(delivery)
        else:
            notices.append(_notice(provider, delivery, kind, event, now))
    return Told(notices=tuple(notices), leaving=tuple(leaving), strange=strange)


def _notice(provider: str, delivery: int, kind: EventKind, event: Event, now: datetime) -> Notice:
    at = min(event.timestamp or now, now)
    own = event.event_id or event.timestamp or ""
    return Notice(
        provider=provider,
        key=notice_key(provider, delivery, kind, own),
        delivery=delivery,
        kind=kind,
        at=at,
        reply=" ".join(_words(event).split())[:REPLY_LENGTH],
    )


def _kind(event: Event) -> EventKind | None:
    """None for what says nothing of an address: queued, deferred, opened, clicked."""
    if event.event_type == BOUNCED:
        return _bounce(event)
    if event.event_type == REJECTED:
        return REFUSALS.get(event.reject_reason or "", EventKind.REJECTED)
    return KINDS.get(event.event_type)


def _bounce(event: Event) -> EventKind:
    """A refusal of policy marks nobody, whatever the provider calls it (J21); else its own word
    decides, else the server's."""
    words = _words(event)
    coded = kind_of_failure("", words) if CODE.search(words) else None
    if coded is EventKind.REJECTED:
        return coded
    said = _said(event.esp_event)
    if event.reject_reason == INVALID or said & FOR_GOOD:
        return EventKind.HARD_BOUNCE
    if said & FOR_NOW:
        return EventKind.SOFT_BOUNCE
    return coded or EventKind.SOFT_BOUNCE


def _said(raw: Any) -> set[str]:
    """The words by which a provider sorts a bounce, wherever it puts them."""
    if not isinstance(raw, Mapping):
        return set()
    bounce = raw.get("bounce")
    found = [raw.get("event"), raw.get("Type"), raw.get("type")]
    if isinstance(bounce, Mapping):
        found.append(bounce.get("bounceType"))
    if "hard_bounce" in raw:
        found.append("hard_bounce" if raw["hard_bounce"] else "soft_bounce")
    return {word for word in found if isinstance(word, str)}


def _words(event: Event) -> str:
    """The server's words, else the provider's."""
    return str(event.mta_response or event.description or "")


def _delivery(event: Event) -> int | None:
    metadata = event.metadata if isinstance(event.metadata, Mapping) else {}
    found = marked(metadata.get(MARK))
    if found is None and isinstance(event.message_id, str):
        found = delivery_in(event.message_id)
    return found
