"""When and where one is asked to come."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.text_fields import Line
from levier.gathering.updates.errors import NoSuchHour
from levier.gathering.updates.models.ask import PLACE_LENGTH, Ask
from levier.gathering.updates.rules.hours import ZONES, moment

MOST_PLACES = 1_000_000
DEFAULT_ZONE = "Europe/Paris"
EVENT_TYPES = (
    _("Remise de la pétition"),
    _("Manifestation"),
    _("Rencontre publique"),
    _("Réunion d’équipe"),
    _("Collecte de signatures"),
)


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """A day, as a browser sends it or as one types it."""
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )


def hour_field(label: Any) -> forms.TimeField:
    """An hour, as a browser sends it or as one types it."""
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        input_formats=["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh"],
    )


class EventForm(forms.Form):
    """Hours in the zone of the event; an hour that clocks jump over is refused (U47)."""

    event_type = Line(
        label=_("Quel rendez-vous ?"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "sortes"}),
    )
    starts_day = day_field(_("Jour"))
    starts_hour = hour_field(_("Début"))
    ends_day = day_field(_("Dernier jour"), _("S’il finit un autre jour."))
    ends_hour = hour_field(_("Fin"))
    zone = forms.ChoiceField(
        label=_("Heure de"),
        required=False,
        choices=[(zone, said) for zone, (said, _there) in ZONES.items()],
    )
    place = Line(
        label=_("Lieu"),
        max_length=PLACE_LENGTH,
        required=False,
        help_text=_("« Parvis de l’hôtel de ville, Valmont »"),
    )
    place_is_private = forms.BooleanField(
        label=_("Ne dire le lieu qu’à qui a une place"),
        required=False,
        help_text=_("Il n’est alors ni sur la page, ni dans le flux, ni sur l’image à partager."),
    )
    capacity = forms.IntegerField(
        label=_("Nombre de places"),
        required=False,
        min_value=1,
        max_value=MOST_PLACES,
        help_text=_("Vide : sans limite. Au-delà, une liste d’attente, dans l’ordre d’arrivée."),
    )

    needs_a_place = False  # and a beginning: set for an event that people already answer to

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["zone"] = data.get("zone") or DEFAULT_ZONE
        data["starts_at"] = self._moment("starts", data.get("starts_day"))
        data["ends_at"] = self._moment("ends", data.get("ends_day") or data.get("starts_day"))
        self._check_order(data["starts_at"], data["ends_at"])
        return data

    def _moment(self, name: str, day: date | None) -> datetime | None:
        hour: time | None = self.cleaned_data.get(f"{name}_hour")
        if day is None or hour is None:
            return None
        try:
            return moment(day, hour, self.cleaned_data["zone"])
        except NoSuchHour as error:
            self.add_error(f"{name}_hour", str(error))
            return None

    def _check_order(self, starts_at: datetime | None, ends_at: datetime | None) -> None:
        if starts_at and starts_at <= self.now and self._moved():
            self.add_error("starts_day", _("Ce moment est passé : choisissez-en un à venir."))
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_hour", _("La fin est avant le début : corrigez l’une des deux."))
        if self.needs_a_place and not starts_at and not self.errors:
            self.add_error("starts_day", _("Dites quel jour et à quelle heure."))
        if self.needs_a_place and not self.cleaned_data.get("place"):
            self.add_error("place", _("Dites où l’on se retrouve."))

    def _moved(self) -> bool:
        return bool({"starts_day", "starts_hour", "zone"} & set(self.changed_data))


class EventChangeForm(EventForm):
    """The same for an event that people already answer to."""

    needs_a_place = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["event_type"]


def initial_event(ask: Ask) -> dict[str, Any]:
    """What the form shows of an event as it is, in its own zone."""
    starts, ends = _local(ask.starts_at, ask.zone), _local(ask.ends_at, ask.zone)
    same_day = starts and ends and starts.date() == ends.date()
    return {
        "event_type": ask.event_type,
        "starts_day": starts.date() if starts else None,
        "starts_hour": starts.time() if starts else None,
        "ends_day": ends.date() if ends and not same_day else None,
        "ends_hour": ends.time() if ends else None,
        "zone": ask.zone or DEFAULT_ZONE,
        "place": ask.place,
        "place_is_private": not ask.place_is_public,
        "capacity": ask.capacity,
    }


def _local(at: datetime | None, zone: str) -> datetime | None:
    return at.astimezone(ZoneInfo(zone or DEFAULT_ZONE)) if at else None
