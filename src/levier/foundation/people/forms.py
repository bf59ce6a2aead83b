"""What the team types about people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common import contact_fields
from levier.foundation.common.countries import country_names
from levier.foundation.common.text_fields import Line, Text
from levier.foundation.people.models.note import NOTE_LENGTH
from levier.foundation.people.models.retention import DEFAULT_MONTHS
from levier.foundation.people.models.tag import TAG_LENGTH


class PersonForm(forms.Form):
    """Who a person is."""

    honorific = Line(
        label=_("Civilité"),
        max_length=20,
        required=False,
        help_text=_("Seulement si la personne l’a donnée."),
    )
    first_name = Line(label=_("Prénom"), max_length=100, required=False)
    last_name = Line(label=_("Nom"), max_length=100, required=False)
    postcode = Line(label=_("Code postal"), max_length=16, required=False)
    country = forms.ChoiceField(label=_("Pays"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = sorted(country_names().items(), key=lambda pair: pair[1])
        self.fields["country"].choices = [("", _("inconnu")), *countries]  # type: ignore[attr-defined]

    def clean_first_name(self) -> str:
        return self._name("first_name", _("Indiquez un prénom (100 caractères au plus)."))

    def clean_last_name(self) -> str:
        return self._name("last_name", _("Indiquez un nom (100 caractères au plus)."))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        try:
            typed["postcode"] = contact_fields.postcode(
                typed.get("postcode", ""), typed.get("country", ""), required=False
            )
        except ValueError:
            said = _("Ce code postal ne va pas avec ce pays. Exemple\u00a0: 35000.")
            self.add_error("postcode", str(said))
        return typed

    def _name(self, field: str, sentence: Any) -> str:
        typed: str = self.cleaned_data[field]
        if not typed:
            return ""
        try:
            return contact_fields.name(typed)
        except ValueError as error:
            raise forms.ValidationError(sentence) from error


class PhoneForm(forms.Form):
    """A number the person gave."""

    phone = Line(
        label=_("Numéro de téléphone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        try:
            return contact_fields.phone(self.cleaned_data["phone"])
        except ValueError as error:
            said = _("Ce numéro ne semble pas complet. Exemple\u00a0: 06 12 34 56 78.")
            raise forms.ValidationError(said) from error


class NoteForm(forms.Form):
    """What the team wants to remember of somebody."""

    text = Text(
        label=_("Ce que l’équipe veut retenir"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("La personne peut la lire si elle demande ses données."),
    )


class TagForm(forms.Form):
    """A tag, new or known."""

    tag = Line(label=_("Étiquette"), max_length=TAG_LENGTH)


class RetentionForm(forms.Form):
    """How long people are kept who agreed to nothing and sign nothing."""

    months = forms.IntegerField(
        label=_("Mois sans rien avant d’oublier"),
        min_value=1,
        max_value=36,
        initial=DEFAULT_MONTHS,
        help_text=_("De 1 à 36, comptés depuis la dernière chose que la personne a faite."),
    )
