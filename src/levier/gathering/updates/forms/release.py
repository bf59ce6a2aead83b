"""What a reader of the team answers, and when it leaves."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.text_fields import Text
from levier.gathering.updates.errors import NoSuchHour
from levier.gathering.updates.forms.event import DEFAULT_ZONE, day_field, hour_field
from levier.gathering.updates.rules.hours import moment

REASON_LENGTH = 1_000


class SendBackForm(forms.Form):
    """Why a text goes back to its author (U15)."""

    reason = Text(
        label=_("Ce qu’il faut reprendre"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("L’auteur ou l’autrice le lira. Rien de son texte n’est perdu."),
        error_messages={"required": _("Dites ce qu’il faut reprendre.")},
    )


class ReleaseForm(forms.Form):
    """When it leaves: at once, or at an hour to come in the organisation's own time."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    at = forms.CharField(widget=forms.HiddenInput, required=False)  # ISO 8601: an hour proposed
    day = day_field(_("Jour"))
    hour = hour_field(_("Heure"))

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone or DEFAULT_ZONE, now

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        proposed, data["at"] = data.get("at", ""), None
        if bool(data.get("day")) != bool(data.get("hour")) and not self.errors:
            missing = "hour" if data.get("day") else "day"
            self.add_error(missing, _("Choisissez le jour et l’heure, ou ni l’un ni l’autre."))
        elif data.get("day") and data.get("hour"):
            data["at"] = self._moment(data)
        elif proposed:
            data["at"] = self._proposed(proposed)
        return data

    def _proposed(self, typed: str) -> datetime | None:
        """An hour that our own page offered: it may be one that clocks show twice."""
        try:
            at = datetime.fromisoformat(typed)
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            self.add_error("day", _("Choisissez un jour et une heure."))
            return None
        return at.astimezone(UTC)

    def _moment(self, data: dict[str, Any]) -> datetime | None:
        try:
            at = moment(data["day"], data["hour"], self.zone)
        except NoSuchHour as error:
            self.add_error("hour", str(error))
            return None
        if at <= self.now:
            self.add_error("day", _("Cette heure est déjà passée. Choisissez-en une à venir."))
        return at
