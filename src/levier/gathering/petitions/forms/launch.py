"""The five steps of `/lancer/`: what a visitor types, one form each.

Leaving a step saves it as typed (`typed_in`), right or wrong; going on wants it right.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.forms import EMAIL_ERROR, EMAIL_LENGTH
from levier.foundation.accounts.models import Organisation
from levier.foundation.common.html_cleaning import html_from_markdown
from levier.foundation.common.text_fields import Line, Text
from levier.foundation.directory.actions import DecisionMaker
from levier.foundation.directory.models import Mandate
from levier.gathering.petitions.actions.drafting import Words
from levier.gathering.petitions.actions.launching import OwnOrganisation, Plan
from levier.gathering.petitions.forms.petition import STORY_LENGTH
from levier.gathering.petitions.forms.picture import PictureForm
from levier.gathering.petitions.forms.who import WhoFields
from levier.gathering.petitions.models.petition import ASK_LENGTH, TITLE_LENGTH
from levier.gathering.petitions.queries import addressable, origin_at

OWN = "+"  # no slug: the carrier that the visitor founds
WHO = ("honorific", "name", "post", "institution")


class WhoForm(WhoFields):
    """Step 1: who decides, from a directory or in one's own words, and on what."""

    subject = Line(
        label=_("De quoi s’agit-il ?"),
        max_length=TITLE_LENGTH,
        required=False,
        help_text=_("Quelques mots : « piste cyclable rue des Lilas »."),
    )
    search = Line(
        label=_("Qui peut décider ?"),
        max_length=160,
        required=False,
        help_text=_("Un nom, une fonction, une ville. Qui a le dossier en charge passe d’abord."),
    )
    mandate = forms.ModelChoiceField(
        queryset=Mandate.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("Cette personne n’est plus dans l’annuaire.")},
    )
    # The address of the petition whose news led here (U53): one that leads nowhere is no error.
    origin = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("subject", "theme", "search", "mandate")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["mandate"].queryset = addressable("", on=today)
        fields["who_name"].help_text = _("Si vous le connaissez.")
        fields["who_post"].help_text = _("« Maire de Valmont »")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        told = [data.get("mandate"), data.get("search"), *(data.get(f"who_{name}") for name in WHO)]
        if not any(told) and not self.errors:
            self.add_error(
                "search", _("Écrivez un nom, une fonction ou un lieu : vous pourrez en changer.")
            )
        return data

    def is_settled(self) -> bool:
        """Whether it names a post to address a petition to, not only free words."""
        data = self.cleaned_data
        return bool(data.get("mandate") or (data.get("who_post") and data.get("who_institution")))

    def decision_maker(self) -> DecisionMaker | None:
        """Somebody typed rather than chosen; the name may be empty."""
        data = self.cleaned_data
        if data["mandate"] or not self.is_settled():
            return None
        return self.typed()


class AskForm(forms.Form):
    """Step 2: what is asked. Advice comes beside it; only an empty ask stops here (P2)."""

    ask = Line(
        label=_("Votre demande, en une phrase"),
        max_length=ASK_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Écrivez votre demande : qui doit faire quoi ?")},
        help_text=_("Qui doit faire quoi, avant quand ? Trois cents signes au plus."),
    )


class WhyForm(forms.Form):
    """Step 3: the story."""

    story = Text(
        label=_("Pourquoi c’est important"),
        max_length=STORY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": _("Dites en quelques lignes ce qui se passe.")},
        help_text=_(
            "Ce qui se passe, qui le vit, ce que la décision changerait. Une ligne vide sépare les "
            "paragraphes. **gras**, *italique*, - liste, ## intertitre."
        ),
    )


class LookForm(PictureForm):
    """Step 4: the title and the picture."""

    title = Line(
        label=_("Titre"),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Donnez-lui un titre court, que l’on retient.")},
        help_text=_("Court, que l’on retient : « Une piste cyclable rue des Lilas »."),
    )
    field_order = ("title",)


class CarrierForm(forms.Form):
    """Step 5: who carries it, and who launches it."""

    carrier = forms.ChoiceField(
        label=_("Qui porte cette pétition ?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez qui porte la pétition.")},
    )
    legal_name = Line(
        label=_("Nom du collectif, ou le vôtre"),
        max_length=120,
        required=False,
        help_text=_("Il paraît sur la page : « Collectif des Lilas », « Nadia Ferrand »."),
    )
    postal_address = Line(
        label=_("Adresse postale"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        help_text=_("Au bas de chaque courriel, comme le veut la loi."),
    )
    answers = forms.BooleanField(
        label=_("J’ai compris que je réponds des données de celles et ceux qui signent."),
        required=False,
    )
    name = Line(
        label=_("Votre prénom et votre nom"),
        max_length=120,
        error_messages={"required": _("Indiquez votre prénom et votre nom.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Ils paraissent sur la page : « Lancée par Nadia Ferrand »."),
    )
    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        max_length=EMAIL_LENGTH,
        error_messages={
            "invalid": EMAIL_ERROR,
            "required": _("Indiquez l’adresse où recevoir le code."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Elle reçoit le code de publication. Elle ne paraît pas sur la page."),
    )

    def __init__(
        self, *args: Any, carriers: Mapping[str, Organisation], signed_in: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.carriers = carriers
        fields["carrier"].choices = [
            *((slug, organisation.name) for slug, organisation in carriers.items()),
            (OWN, _("Moi, ou notre collectif")),
        ]
        if signed_in:
            del fields["name"], fields["email"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("carrier") == OWN:
            wanted = {
                "legal_name": _("Indiquez le nom qui répond de la pétition."),
                "postal_address": _("Indiquez une adresse postale : la loi la demande."),
                "answers": _("Cochez cette case, ou confiez la pétition à une organisation."),
            }
            for name, sentence in wanted.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
        return data

    def carried_by(self) -> Organisation | OwnOrganisation:
        """Who answers for the data of the people who sign."""
        data = self.cleaned_data
        if data["carrier"] == OWN:
            return OwnOrganisation(
                legal_name=data["legal_name"], postal_address=data["postal_address"]
            )
        return self.carriers[data["carrier"]]


def typed_in(form: forms.Form) -> dict[str, str]:
    """A step's words exactly as posted, for the draft; a picture only as the path we stored."""
    typed = {name: str(form.data.get(name, "")) for name in form.fields if name != "image"}
    if isinstance(form, PictureForm):
        typed["kept_image"] = form.picture()
        typed.pop("drop_image", None)
    return typed


def plan_of(who: WhoForm, words: Words, carrier: Organisation | OwnOrganisation) -> Plan:
    """What the steps say together, once each is right."""
    return Plan(
        words=words,
        theme=who.cleaned_data["theme"],
        mandate=who.cleaned_data["mandate"],
        who=who.decision_maker(),
        carrier=carrier,
        origin=origin_at(who.cleaned_data["origin"]),
    )


def words_of(ask: AskForm, why: WhyForm, look: LookForm) -> Words:
    """The first version."""
    data, picture = look.cleaned_data, look.picture()
    return Words(
        title=data["title"],
        ask=ask.cleaned_data["ask"],
        story=html_from_markdown(why.cleaned_data["story"]),
        image=picture,
        image_alt=data["image_alt"] if picture else "",
        image_credit=data["image_credit"] if picture else "",
    )
