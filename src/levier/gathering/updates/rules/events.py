"""An event in words."""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from levier.foundation.common.typography import day, hour, weekday
from levier.gathering.updates.models.ask import Ask


def when_of(ask: Ask) -> str:
    """« jeudi 12 novembre 2026, de 18 h 30 à 20 h », in the hours of the event; "" without one."""
    if ask.starts_at is None:
        return ""
    zone = ZoneInfo(ask.zone)
    with timezone.override(zone):
        said = _said(ask, zone)
    site = timezone.get_default_timezone()
    if ask.starts_at.astimezone(zone).utcoffset() == ask.starts_at.astimezone(site).utcoffset():
        return said
    city = ask.zone.rpartition("/")[2].replace("_", " ")
    return _("%(when)s (heure de %(city)s)") % {"when": said, "city": city}


def _said(ask: Ask, zone: ZoneInfo) -> str:
    starts = ask.starts_at
    if starts is None:
        return ""
    words = {
        "day": f"{weekday(starts)} {starts.astimezone(zone).year}",
        "begins": hour(starts),
    }
    if ask.ends_at is None:
        return _("%(day)s, à %(begins)s") % words
    words |= {"ends": hour(ask.ends_at), "last": day(ask.ends_at)}
    if ask.ends_at.astimezone(zone).date() == starts.astimezone(zone).date():
        return _("%(day)s, de %(begins)s à %(ends)s") % words
    return _("du %(day)s, %(begins)s, au %(last)s, %(ends)s") % words
