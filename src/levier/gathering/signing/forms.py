"""What a person types about their own signatures: the sign form's own rules, field by field."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common import contact_fields
from levier.foundation.people.rules import likely_email
from levier.gathering.signing.intake import fields


class Typed(forms.Field):
    """A text that a rule accepts as typed, or one French sentence for all that is wrong in it."""

    def __init__(self, rule: Callable[[str], str], sentence: Any) -> None:
        super().__init__(required=False)
        self.rule, self.sentence = rule, sentence

    def clean(self, value: Any) -> str:
        try:
            return self.rule(value or "")
        except ValueError as error:
            raise forms.ValidationError(self.sentence) from error


class CorrectionForm(forms.Form):
    """Names, place and whether the name is shown, on one signature."""

    first_name = Typed(contact_fields.name, _("Indiquez votre prénom (100 caractères au plus)."))
    last_name = Typed(contact_fields.name, _("Indiquez votre nom (100 caractères au plus)."))
    country = Typed(
        lambda typed: contact_fields.country(typed, ""), _("Choisissez un pays dans la liste.")
    )
    postal_code = Typed(str.strip, "")
    show_name = forms.BooleanField(required=False)

    def clean_postal_code(self) -> str:
        """Its shape depends on the country, which comes first."""
        typed, country = self.cleaned_data["postal_code"], self.cleaned_data.get("country", "")
        try:
            return contact_fields.postcode(typed, country, required=False)
        except ValueError as error:
            raise forms.ValidationError(
                _("Ce code postal ne va pas avec ce pays. Exemple : 35000.")
            ) from error


def _words(typed: str) -> str:
    if not (text := fields.comment(typed)):
        raise ValueError
    return text


class CommentForm(forms.Form):
    """Why one signs, in plain text (P51), and what else the words may serve for (P53)."""

    for_press = forms.BooleanField(required=False)
    for_dossier = forms.BooleanField(required=False)
    comment = Typed(_words, _("Entre 10 et 500 caractères ; votre signature, elle, ne change pas."))


class LinkForm(forms.Form):
    """The address to which a personal link is asked."""

    email = Typed(
        contact_fields.email, _("Cette adresse ne semble pas complète. Exemple : prenom@exemple.fr")
    )


class AddressForm(LinkForm):
    """The right address. One that looks mistyped is asked about once: `sure` answers (P24)."""

    sure = forms.CharField(required=False)

    def meant(self) -> str:
        """What the person probably meant, unless they are sure; empty when nothing looks wrong."""
        return "" if self.cleaned_data["sure"] else likely_email(self.cleaned_data["email"])
