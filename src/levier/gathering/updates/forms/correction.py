"""What is put right on the page of an update that left."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.html_cleaning import html_from_markdown, markdown_from_html
from levier.foundation.common.text_fields import Line, Text
from levier.gathering.updates.models.update import BODY_LENGTH, TITLE_LENGTH, Update


class CorrectionForm(forms.Form):
    """Its words, and those of its photo."""

    title = Line(label=_("Titre"), max_length=TITLE_LENGTH)
    body = Text(
        label=_("La nouvelle"), max_length=BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 12})
    )
    photo_alt = Line(label=_("Ce que montre l’image"), max_length=300, required=False)
    photo_credit = Line(label=_("Légende ou crédit"), max_length=300, required=False)

    def __init__(self, *args: Any, has_photo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo_alt"].required = has_photo
        if not has_photo:
            del self.fields["photo_alt"], self.fields["photo_credit"]

    def told(self) -> dict[str, str]:
        """What the correction says."""
        data = self.cleaned_data
        return {
            "title": data["title"],
            "body": html_from_markdown(data["body"]),
            "photo_alt": data.get("photo_alt", ""),
            "photo_credit": data.get("photo_credit", ""),
        }


def initial_correction(update: Update) -> dict[str, Any]:
    """What the form shows of it."""
    return {
        "title": update.title,
        "body": markdown_from_html(update.body),
        "photo_alt": update.photo_alt,
        "photo_credit": update.photo_credit,
    }
