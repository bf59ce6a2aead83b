"""What is asked of who decides and of the subject, wherever a petition is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.campaigns.models import Theme
from levier.foundation.common.text_fields import Line
from levier.foundation.directory.actions import DecisionMaker
from levier.gathering.petitions.queries import themes


class WhoFields(forms.Form):
    """A theme, and somebody typed rather than chosen."""

    theme = forms.ModelChoiceField(
        label=_("Thème"),
        queryset=Theme.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("Aucun de ceux-là"),
    )
    who_honorific = Line(label=_("Civilité"), max_length=20, required=False)
    who_name = Line(label=_("Prénom et nom"), max_length=160, required=False)
    who_post = Line(
        label=_("Fonction"), max_length=160, required=False, help_text=_("« 3e adjointe au maire »")
    )
    who_institution = Line(
        label=_("Institution"), max_length=160, required=False, help_text=_("« Ville de Valmont »")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["theme"].queryset = themes()

    def typed(self, *more: str) -> DecisionMaker:
        """Who was typed; `more` are fields that not every form has. The name may be empty."""
        names = ("honorific", "name", "post", "institution", *more)
        return DecisionMaker(**{name: self.cleaned_data[f"who_{name}"] for name in names})
