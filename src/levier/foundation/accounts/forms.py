"""What is typed about organisations, members and accounts."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.common.text_fields import Line

EMAIL_LENGTH = 254  # as in the columns
EMAIL_ERROR = _("Cette adresse ne semble pas complète. Exemple : prenom@exemple.fr")


class InviteForm(forms.Form):
    """Somebody to invite, and what for."""

    email = forms.EmailField(
        label=_("Adresse électronique"),
        max_length=EMAIL_LENGTH,
        error_messages={"invalid": EMAIL_ERROR},
    )
    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices, initial=Role.CAMPAIGNER)


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Rôle"), choices=Role.choices)


class NameForm(forms.Form):
    """How one is shown to one's team."""

    name = Line(label=_("Prénom et nom"), max_length=120)


class JoinForm(NameForm):
    """A new account, from an invitation."""

    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Dix caractères au moins ; une phrase se retient mieux."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if password := data.get("password"):
            try:
                validate_password(password, User(email=self.email, name=data.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class WelcomeForm(forms.Form):
    """Whether supporters may launch petitions in the organisation's name."""

    welcomes_petitions = forms.BooleanField(
        label=_("Accueillir les pétitions de nos sympathisantes et sympathisants"),
        required=False,
        help_text=_("Votre organisation paraît alors à la dernière étape de « Lancer »."),
    )
    reviews_petitions = forms.BooleanField(
        label=_("Les relire avant de les publier"),
        required=False,
        help_text=_("Personne d’autre ne les voit tant que votre équipe ne les a pas approuvées."),
    )
    welcome_words = Line(
        label=_("Ce que vous accueillez"),
        max_length=300,
        required=False,
        help_text=_("« Des pétitions sur les mobilités à Valmont et autour. »"),
    )


class OrganisationForm(forms.ModelForm[Organisation]):
    """What the organisation says of itself in pages and mails."""

    name = Line(label=_("Nom"), max_length=120)
    legal_name = Line(
        label=_("Nom complet"),
        max_length=200,
        help_text=_("Tel qu’il est déclaré : « Association Valmont à vélo »."),
    )
    postal_address = Line(
        label=_("Adresse postale"),
        max_length=300,
        help_text=_("Au bas de chaque courriel, comme le veut la loi."),
    )

    class Meta:
        model = Organisation
        fields = ("name", "legal_name", "postal_address", "sender_email", "reply_email")
        help_texts = {
            "sender_email": _("Vos courriels partent de cette adresse."),
            "reply_email": _("Vide : les réponses reviennent à l’adresse d’envoi."),
        }
        error_messages = {
            "sender_email": {"invalid": EMAIL_ERROR},
            "reply_email": {"invalid": EMAIL_ERROR},
        }
