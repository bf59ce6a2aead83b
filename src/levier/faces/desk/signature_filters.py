"""Which signatures a page shows or a file takes."""

from datetime import date
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from levier.gathering.signing.enums import SignatureSource, SignatureState
from levier.gathering.signing.queries.listing import Filters

ANY = _("toutes")
ANY_DAY = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31)))


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
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        validators=ANY_DAY,
    )
    au = forms.DateField(
        label=_("Jusqu’au"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        validators=ANY_DAY,
    )
    source = forms.ChoiceField(
        label=_("Par"), required=False, choices=[("", ANY), *SignatureSource.choices]
    )

    def filters(self) -> Filters:
        """What was understood."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(
            search=data.get("recherche") or "",
            state=data.get("etat") or "",
            confirmed={"oui": True, "non": False}.get(data.get("confirmee") or ""),
            since=data.get("du"),
            until=data.get("au"),
            source=data.get("source") or "",
        )

    def is_filtered(self) -> bool:
        """Whether anything is left out of the list."""
        return self.filters() != Filters()

    def query(self) -> str:
        """The same choices, for the address of the next page."""
        return urlencode(
            {name: value for name, value in self.data.items() if name in self.fields and value}
        )
