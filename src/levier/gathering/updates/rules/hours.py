"""Hours that people type, in the zone where they are meant."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levier.foundation.common.typography import NO_BREAK, day_month
from levier.gathering.updates.errors import NoSuchHour

#: Where an event takes place: what the list says, what a sentence says.
ZONES = {
    "Europe/Paris": (gettext_lazy("France"), gettext_lazy("en France")),
    "Europe/Brussels": (gettext_lazy("Belgique"), gettext_lazy("en Belgique")),
    "Europe/Zurich": (gettext_lazy("Suisse"), gettext_lazy("en Suisse")),
    "Europe/Luxembourg": (gettext_lazy("Luxembourg"), gettext_lazy("au Luxembourg")),
    "America/Toronto": (gettext_lazy("Québec"), gettext_lazy("au Québec")),
    "America/Guadeloupe": (gettext_lazy("Guadeloupe"), gettext_lazy("en Guadeloupe")),
    "America/Martinique": (gettext_lazy("Martinique"), gettext_lazy("en Martinique")),
    "America/Cayenne": (gettext_lazy("Guyane"), gettext_lazy("en Guyane")),
    "America/Miquelon": (
        gettext_lazy("Saint-Pierre-et-Miquelon"),
        gettext_lazy("à Saint-Pierre-et-Miquelon"),
    ),
    "Indian/Reunion": (gettext_lazy("La Réunion"), gettext_lazy("à La Réunion")),
    "Indian/Mayotte": (gettext_lazy("Mayotte"), gettext_lazy("à Mayotte")),
    "Pacific/Noumea": (gettext_lazy("Nouvelle-Calédonie"), gettext_lazy("en Nouvelle-Calédonie")),
    "Pacific/Tahiti": (gettext_lazy("Polynésie"), gettext_lazy("en Polynésie")),
}


def moment(day: date, hour: time, zone: str) -> datetime:
    """That hour of that day there, in UTC; the first of the two when clocks go back.

    Raises NoSuchHour for an hour that clocks jump over, with the one to choose instead.
    """
    told = datetime.combine(day, hour, tzinfo=ZoneInfo(zone))
    real = told.astimezone(UTC).astimezone(ZoneInfo(zone))
    if real.replace(tzinfo=None) != told.replace(tzinfo=None):
        sentence = _("Le %(day)s, %(hour)s n’existe pas %(there)s : choisissez %(instead)s.")
        raise NoSuchHour(
            sentence
            % {
                "day": day_month(day),
                "hour": said_hour(hour),
                "there": ZONES[zone][1] if zone in ZONES else zone,
                "instead": said_hour(real.time()),
            }
        )
    return told.astimezone(UTC)


def said_hour(hour: time) -> str:
    """« 2 h 30 », « 14 h »."""
    said = f"{hour.hour}{NO_BREAK}h"
    return f"{said}{NO_BREAK}{hour:%M}" if hour.minute else said
