"""The calendar file of an event (RFC 5545): one identifier for ever, a sequence that grows."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from levier.foundation.messaging.rules.addresses import site_host
from levier.gathering.updates.models.ask import Ask

PRODUCT = "-//Levier//Petitions//FR"
A_YEAR = timedelta(days=366)  # the changes of hour around the event are enough
MADE_FOR = "text/calendar; charset=utf-8"


def event_file(*, ask: Ask, title: str, address: str, place: str, organiser: str) -> bytes:
    """The file. `place` is what this reader may know of it; `address` is the page of the news.

    A cancelled event keeps its identifier and says so: a calendar that has it takes it out
    (U47). Raises ValueError for an ask without hours.
    """
    if ask.starts_at is None:
        raise ValueError(ask.pk)
    cancelled = ask.event_cancelled_at is not None
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(
        _event(ask, ask.starts_at, title, address, place, organiser, cancelled=cancelled)
    )
    around = (ask.starts_at - A_YEAR, (ask.ends_at or ask.starts_at) + A_YEAR)
    calendar.add_missing_timezones(*(moment.date() for moment in around))
    return bytes(calendar.to_ical())


def uid_of(ask: Ask) -> str:
    """What the event is known by in everybody's calendar, whatever changes."""
    return f"evenement-{ask.pk}@{site_host()}"


def _event(
    ask: Ask,
    starts_at: datetime,
    title: str,
    address: str,
    place: str,
    organiser: str,
    *,
    cancelled: bool,
) -> Event:
    zone = ZoneInfo(ask.zone)
    event = Event()
    event.add("uid", uid_of(ask))
    event.add("sequence", ask.sequence)
    event.add("dtstamp", ask.event_cancelled_at or ask.update.corrected_at or _told_at(ask))
    event.add("dtstart", starts_at.astimezone(zone))
    if ask.ends_at is not None:
        event.add("dtend", ask.ends_at.astimezone(zone))
    event.add("summary", title)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("url", address)
    event.add("description", f"{organiser}\n{address}")
    if place:
        event.add("location", place)
    return event


def _told_at(ask: Ask) -> datetime:
    return ask.update.published_at or ask.update.edited_at
