"""What is typed about a page of the press."""

from datetime import date
from typing import Any
from urllib.parse import urldefrag

from django import forms
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.text_fields import Line
from levier.gathering.petitions.actions.press import Mention
from levier.gathering.petitions.forms.picture import STORED
from levier.gathering.petitions.models.press_link import (
    OUTLET_LENGTH,
    PRESS_TITLE_LENGTH,
    PRESS_URL_LENGTH,
)

URL_ERROR = _("Collez l’adresse entière de la page : https://…")


class PressAddressForm(forms.Form):
    """The address alone, to read the page first."""

    url = Line(
        label=_("Adresse de l’article"),
        max_length=PRESS_URL_LENGTH,
        widget=forms.TextInput(attrs={"inputmode": "url"}),
        error_messages={"required": URL_ERROR},
    )

    def clean_url(self) -> str:
        """A web address; what follows « # » is the same page."""
        typed = urldefrag(str(self.cleaned_data["url"]))[0]
        typed = typed if "://" in typed else f"https://{typed}"
        try:
            URLValidator(schemes=["http", "https"])(typed)
        except forms.ValidationError as error:
            raise forms.ValidationError(URL_ERROR) from error
        if len(typed) > PRESS_URL_LENGTH:
            raise forms.ValidationError(URL_ERROR)
        return typed


class PressForm(PressAddressForm):
    """All that is shown of it."""

    outlet = Line(label=_("Média"), max_length=OUTLET_LENGTH)
    title = Line(label=_("Titre de l’article"), max_length=PRESS_TITLE_LENGTH)
    day = forms.DateField(
        label=_("Paru le"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        validators=(MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))),
    )
    image = forms.CharField(required=False, widget=forms.HiddenInput)
    without_image = forms.BooleanField(label=_("Ne pas montrer l’image"), required=False)

    def clean_image(self) -> str:
        """A picture copied here a moment ago; never another file."""
        path = str(self.cleaned_data["image"])
        return path if STORED.fullmatch(path) and default_storage.exists(path) else ""

    def shown_image(self) -> str:
        """The picture beside the form, whether or not the form is right."""
        value: Any = self["image"].value()
        return str(value or "") if STORED.fullmatch(str(value or "")) else ""

    def mention(self) -> Mention:
        """What to show."""
        data = self.cleaned_data
        return Mention(
            url=data["url"],
            title=data["title"],
            outlet=data["outlet"],
            day=data["day"],
            image="" if data["without_image"] else data["image"],
        )
