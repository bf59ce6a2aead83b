"""An organisation that carries a petition with us."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import Organisation
from levier.foundation.common.text_fields import Line
from levier.gathering.petitions.actions.partnering import Terms
from levier.gathering.petitions.forms.sites import SitesField
from levier.gathering.petitions.models.partner import Partner


class PartnerForm(forms.Form):
    """Its name, and the exact sentence beside its box."""

    name = Line(label=_("Nom du partenaire"), max_length=120)
    website = forms.URLField(
        label=_("Son site"), required=False, max_length=200, assume_scheme="https"
    )
    sentence = Line(
        label=_("La phrase de sa case"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Elle nomme le partenaire et dit pourquoi il écrira. Vide : « J’accepte que (nom) "
            "m’écrive au sujet de ses actions. »"
        ),
    )
    sites = SitesField(
        label=_("Sites où il pose son formulaire"),
        help_text=_("Un par ligne. Vide : les mêmes que la pétition."),
    )
    organisation = forms.SlugField(
        label=_("Son identifiant sur ce site"),
        required=False,
        help_text=_("S’il a aussi une organisation ici : l’identifiant de son adresse."),
    )

    def clean_website(self) -> str:
        """Only what a link may lead to."""
        address = str(self.cleaned_data["website"])
        if address and not address.startswith(("https://", "http://")):
            raise forms.ValidationError(_("Une adresse qui commence par https://"))
        return address

    def clean_organisation(self) -> Organisation | None:
        slug = self.cleaned_data["organisation"]
        found = Organisation.objects.filter(slug=slug).first() if slug else None
        if slug and found is None:
            raise forms.ValidationError(_("Aucune organisation de ce site n’a cet identifiant."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        name, sentence = data.get("name", ""), data.get("sentence", "")
        if name and sentence and name.lower() not in sentence.lower():
            self.add_error("sentence", _("La phrase doit nommer le partenaire, comme ci-dessus."))
        if name and not sentence and "sentence" not in self.errors:
            usual = _("J’accepte que %(name)s m’écrive au sujet de ses actions.")
            data["sentence"] = str(usual) % {"name": name}
        return data

    def terms(self) -> Terms:
        """What was typed."""
        names = ("name", "website", "sentence", "sites", "organisation")
        return Terms(**{name: self.cleaned_data[name] for name in names})


def initial_partner(partner: Partner) -> dict[str, Any]:
    """What the form shows of a partner as it is."""
    return {
        "name": partner.name,
        "website": partner.website,
        "sentence": partner.sentence,
        "sites": "\n".join(partner.sites),
        "organisation": partner.organisation.slug if partner.organisation else "",
    }
