"""Which sites may show the form, and what their code asks of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.text_fields import Line, Text
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.sites import ACCENTS, GROUNDS, site_name, site_origin

MOST_SITES = 50


class SitesField(Text):
    """One site a line: « exemple.fr », « *.exemple.fr » or the address of a page of it."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocapitalize": "off"})
        super().__init__(required=False, max_length=6_000, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        """The origins, in order. Says which line is no site."""
        lines = [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]
        if len(lines) > MOST_SITES:
            raise forms.ValidationError(_("Cinquante sites au plus."))
        return sorted({self._origin(line) for line in lines})

    @staticmethod
    def _origin(line: str) -> str:
        try:
            return site_origin(line)
        except ValueError as error:
            raise forms.ValidationError(
                _("« %(line)s » n’est pas un site. Exemple : exemple.fr"),
                params={"line": line[:80]},
            ) from error


class SitesForm(forms.Form):
    """The list of one petition."""

    sites = SitesField(
        label=_("Sites autorisés"),
        help_text=_(
            "Un par ligne : exemple.fr, ou *.exemple.fr pour tous ses sous-domaines. "
            "Vide : tout site peut montrer le formulaire."
        ),
    )


class CodeForm(forms.Form):
    """What the code to copy says. What is not understood is left out."""

    site = Line(
        label=_("Site où il sera posé"),
        required=False,
        max_length=120,
        help_text=_("exemple.fr : pour savoir ce que chaque site apporte."),
    )
    accent = forms.ChoiceField(label=_("Couleur"), required=False, choices=list(ACCENTS.items()))
    fond = forms.ChoiceField(label=_("Fond"), required=False, choices=list(GROUNDS.items()))
    par = forms.ModelChoiceField(
        label=_("Pour un partenaire"),
        queryset=Partner.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=_("personne : pour nous seuls"),
    )

    def __init__(self, *args: Any, petition: Petition, **options: Any) -> None:
        super().__init__(*args, **options)
        partners: Any = self.fields["par"]
        partners.queryset = Partner.objects.filter(petition=petition, ended_at=None).order_by(
            "name"
        )

    def clean_site(self) -> str:
        typed = self.cleaned_data["site"]
        if typed and not site_name(typed):
            raise forms.ValidationError(_("Ce n’est pas un site. Exemple : exemple.fr"))
        return site_name(typed)

    def asked(self) -> dict[str, str]:
        """The attributes of the code, those that say something."""
        self.is_valid()
        data = self.cleaned_data
        found = {name: data.get(name) or "" for name in ("site", "accent", "fond")}
        found["par"] = data["par"].slug if data.get("par") else ""
        usual = {"accent": "aubergine", "fond": "auto"}
        return {name: said for name, said in found.items() if said and said != usual.get(name)}
