from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.updates.actions.answering import fill_places, locked
from levier.gathering.updates.mails import responders
from levier.gathering.updates.models.ask import Ask

FIELDS = ("starts_at", "ends_at", "zone", "place", "place_is_public", "capacity")


@dataclass(frozen=True, kw_only=True)
class Event:
    """When, where, for how many."""

    starts_at: datetime
    ends_at: datetime | None
    zone: str  # IANA
    place: str
    place_is_public: bool
    capacity: int | None


@transaction.atomic
def change_event(*, ask_id: int, event: Event, by: User, now: datetime) -> Ask:
    """Change the hours, the place or the number of places of an event people answer to.

    Calendars follow by a sequence that grows (U47), and who said yes is told. Fewer places turn
    nobody away; more go to the first who wait (U46).
    """
    ask = locked(ask_id)
    moved = any(
        getattr(ask, name) != getattr(event, name)
        for name in ("starts_at", "ends_at", "zone", "place")
    )
    for name in FIELDS:
        setattr(ask, name, getattr(event, name))
    ask.sequence += moved
    ask.save(update_fields=[*FIELDS, "sequence"])
    _audit(ask, "change_event", by, now)
    if moved:
        responders.event_changed(ask=ask, now=now)
    responders.place_freed(ask=ask, responses=fill_places(ask), now=now)
    return ask


@transaction.atomic
def cancel_event(*, ask_id: int, by: User, now: datetime) -> Ask:
    """Say that it does not take place, in the calendars too (U47). Twice is the same as once."""
    ask = locked(ask_id)
    if ask.event_cancelled_at is None:
        ask.event_cancelled_at, ask.sequence = now, ask.sequence + 1
        ask.save(update_fields=["event_cancelled_at", "sequence"])
        _audit(ask, "cancel_event", by, now)
        responders.event_changed(ask=ask, now=now)
    return ask


def _audit(ask: Ask, act: str, by: User, now: datetime) -> None:
    body = {"act": f"updates.{act}", "ask": ask.pk, "sequence": ask.sequence}
    append_audit(scope=ask.update.petition.campaign.organisation_id, body=body, by=by.pk, now=now)
