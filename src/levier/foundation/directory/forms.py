"""What somebody types to write down how a decision-maker is reached."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.text_fields import Line
from levier.foundation.directory.actions import Reached
from levier.foundation.directory.enums import ContactType
from levier.foundation.directory.errors import SourceMissing
from levier.foundation.directory.models import ContactDetail, PersonInOffice, Post
from levier.foundation.directory.rules import contact_value

WRONG = {
    ContactType.EMAIL: _("Une adresse électronique entière : prenom.nom@ville.fr"),
    ContactType.VOICE: _("Un numéro de téléphone entier : 02 99 00 00 00"),
    ContactType.X: _("Un nom de compte X : @nom"),
    ContactType.BLUESKY: _("Un nom de compte Bluesky : @nom.bsky.social"),
    ContactType.MASTODON: _("Un nom de compte Mastodon : @nom@serveur.fr"),
    ContactType.FACEBOOK: _("L’adresse de sa page Facebook : https://www.facebook.com/sa.page"),
}


class ContactForm(forms.Form):
    """One way to reach the holder of a post, or the post itself."""

    whose = forms.ChoiceField(label=_("À qui est-ce ?"))
    type = forms.ChoiceField(label=_("Moyen"))
    value = Line(
        label=_("Adresse, numéro ou compte"),
        max_length=300,
        error_messages={"required": _("Écrivez l’adresse, le numéro ou le compte.")},
    )
    label = Line(
        label=_("Libellé"),
        max_length=120,
        required=False,
        help_text=_("« Secrétariat des mobilités »"),
    )
    note = Line(
        label=_("Horaires, précisions"),
        max_length=300,
        required=False,
        help_text=_("« Du lundi au vendredi, de 9 h à 17 h » : montré avant d’appeler."),
    )
    is_public = forms.BooleanField(
        label=_("Publique et professionnelle"),
        required=False,
        help_text=_(
            "Publiée pour l’exercice de la fonction. Sinon elle reste dans l’équipe : jamais "
            "montrée aux signataires."
        ),
    )
    source = Line(
        label=_("Où est-elle publiée ?"),
        max_length=300,
        required=False,
        help_text=_("L’adresse d’une page, un annuaire officiel : pour vérifier plus tard."),
    )

    def __init__(
        self, *args: Any, post: Post | None, person: PersonInOffice | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.owners: dict[str, Post | PersonInOffice] = {}
        if post is not None:
            self.owners["post"] = post
        if person is not None:
            self.owners["person"] = person
        type_: Any = self.fields["type"]
        type_.choices = [(kind, capfirst(said)) for kind, said in ContactType.choices]
        whose: Any = self.fields["whose"]
        whose.choices = [(key, str(one)) for key, one in self.owners.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("type") and data.get("value"):
            try:
                data["value"] = contact_value(data["type"], data["value"])
            except ValueError:
                self.add_error("value", WRONG[data["type"]])
        if data.get("is_public") and not data.get("source") and "source" not in self.errors:
            self.add_error("source", str(SourceMissing()))
        return data

    def owner(self) -> Post | PersonInOffice:
        """Whose it is."""
        return self.owners[self.cleaned_data["whose"]]

    def how(self) -> Reached:
        """What to write down."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "whose"}
        return Reached(**data)


class ContactChangeForm(ContactForm):
    """The same for one that is written down: it stays with whom it is."""

    def __init__(self, *args: Any, contact: ContactDetail, **kwargs: Any) -> None:
        names = ("type", "value", "label", "note", "is_public", "source")
        initial = {name: getattr(contact, name) for name in names}
        super().__init__(*args, post=None, person=None, initial=initial, **kwargs)
        del self.fields["whose"]
