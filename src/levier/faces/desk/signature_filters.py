"""Which signatures a page shows or a file takes."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.typography import day_month, hour
from levier.gathering.signing.enums import HoldReason, SignatureSource, SignatureState
from levier.gathering.signing.queries.review import network_label
from levier.gathering.signing.queries.selection import Filters

ANY = _("toutes")
ANY_DAY = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31)))
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
#: Fields of the form, as the list's choices call them.
SAME = {
    "recherche": "search",
    "etat": "state",
    "source": "source",
    "raison": "reason",
    "pays": "country",
    "code_postal": "postcode",
    "domaine": "domain",
    "suite": "stem",
    "nom": "name",
    "connexion": "network",
}


class FilterForm(forms.Form):
    """What is not understood is left out, so that an old address still shows a list."""

    recherche = forms.CharField(
        label=_("Nom, courriel ou code postal"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    etat = forms.ChoiceField(
        label=_("État"), required=False, choices=[("", ANY), *SignatureState.choices]
    )
    confirmee = forms.ChoiceField(
        label=_("Adresse"),
        required=False,
        choices=[("", ANY), ("oui", _("confirmée")), ("non", _("pas confirmée"))],
    )
    du = forms.DateField(
        label=_("Depuis le"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=DAYS,
        validators=ANY_DAY,
    )
    au = forms.DateField(
        label=_("Jusqu’au"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=DAYS,
        validators=ANY_DAY,
    )
    source = forms.ChoiceField(
        label=_("Par"), required=False, choices=[("", ANY), *SignatureSource.choices]
    )
    # Those below come by a link, from an alert or a group: shown as words, never typed.
    raison = forms.ChoiceField(
        label=_("Raison"), required=False, choices=HoldReason.choices, widget=forms.HiddenInput
    )
    pays = forms.CharField(label=_("Pays"), required=False, max_length=2, widget=forms.HiddenInput)
    code_postal = forms.CharField(
        label=_("Code postal"), required=False, max_length=16, widget=forms.HiddenInput
    )
    domaine = forms.CharField(
        label=_("Domaine"), required=False, max_length=254, widget=forms.HiddenInput
    )
    suite = forms.CharField(
        label=_("Adresses comme"), required=False, max_length=320, widget=forms.HiddenInput
    )
    nom = forms.CharField(
        label=_("Au nom de"), required=False, max_length=201, widget=forms.HiddenInput
    )
    connexion = forms.CharField(
        label=_("Connexion"),
        required=False,
        widget=forms.HiddenInput,
        validators=[RegexValidator(r"\A(?:[0-9a-f]{2}){1,32}\Z")],
    )
    heure = forms.DateTimeField(
        label=_("Heure"),
        required=False,
        widget=forms.HiddenInput,
        input_formats=["%Y-%m-%dT%H", "%Y-%m-%dT%H:%M"],
    )

    def filters(self) -> Filters:
        """What was understood."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(
            confirmed={"oui": True, "non": False}.get(data.get("confirmee") or ""),
            since=data.get("du"),
            until=data.get("au"),
            hour=data.get("heure"),
            **{ours: data.get(theirs) or "" for theirs, ours in SAME.items()},
        )

    def is_filtered(self) -> bool:
        """Whether anything is left out of the list."""
        return self.filters() != Filters()

    def by_link(self) -> list[tuple[str, str]]:
        """What a link chose, as label and value to show."""
        self.is_valid()
        return [
            (str(field.label), said(field.name, value))
            for field in self.hidden_fields()
            if (value := self.cleaned_data.get(field.name))
        ]

    def query(self) -> str:
        """The same choices, for the address of the next page."""
        return urlencode(
            {name: value for name, value in self.data.items() if name in self.fields and value}
        )


def said(name: str, value: Any) -> str:
    """What a link chose, as the team reads it."""
    if name == "raison":
        return str(HoldReason(value).label)
    if name == "connexion":
        return network_label(bytes.fromhex(value))
    return f"{day_month(value)}, {hour(value)}" if name == "heure" else str(value)
