"""A word to oneself about a draft (U11)."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from levier.gathering.updates.forms.event import day_field

MORNING = time(9)


class ReminderForm(forms.Form):
    """The morning of a day to come; empty, no reminder."""

    day = day_field(_("Me le rappeler le"))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "rappel", **kwargs})
        self.now = now

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day and day <= timezone.localdate(self.now):
            raise forms.ValidationError(_("Choisissez un jour à venir."))
        return day

    def at(self) -> datetime | None:
        """Nine o’clock that day."""
        day = self.cleaned_data["day"]
        return timezone.make_aware(datetime.combine(day, MORNING)) if day else None
