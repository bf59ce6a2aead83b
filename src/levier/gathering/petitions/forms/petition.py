"""What a campaigner types to make a petition."""

import unicodedata
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import Organisation
from levier.foundation.campaigns.enums import CountPolicy
from levier.foundation.campaigns.models import Campaign
from levier.foundation.campaigns.queries import campaigns_of
from levier.foundation.common.countries import country_names
from levier.foundation.common.html_cleaning import html_from_markdown, markdown_from_html
from levier.foundation.common.text_fields import Line, Text
from levier.foundation.directory.actions import DecisionMaker
from levier.foundation.directory.models import Mandate
from levier.foundation.directory.queries import mandates_of
from levier.gathering.petitions.actions.drafting import SLUG_LENGTH, Words
from levier.gathering.petitions.forms.picture import PictureForm
from levier.gathering.petitions.forms.who import WhoFields
from levier.gathering.petitions.models.petition import ASK_LENGTH, TITLE_LENGTH, Petition, Version
from levier.gathering.petitions.rules.choices import in_force

STORY_LENGTH = 20_000
GOAL_MAX = 100_000_000
AUTHOR_WORDS = ("title", "ask", "story", "kept_image", "image_alt", "image_credit", "theme")


class PetitionForm(WhoFields, PictureForm):
    """A petition's words, addressee and terms: to begin one and to change one."""

    field_order = (
        *("ask", "title", "mandate", "who_honorific", "who_name", "who_post"),
        *("who_responsibility", "who_institution", "who_source"),
    )

    slug_now = ""  # where the petition is found once all is written

    title = Line(
        label=_("Titre"),
        max_length=TITLE_LENGTH,
        help_text=_("Court, que l’on retient : « Une piste cyclable rue des Lilas »."),
    )
    ask = Line(
        label=_("Ce que vous demandez"),
        max_length=ASK_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Une phrase : qui doit faire quoi, avant quand ? Trois cents signes au plus."),
    )
    story = Text(
        label=_("Pourquoi c’est important"),
        max_length=STORY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_(
            "Une ligne vide sépare les paragraphes. **gras**, *italique*, - liste, ## intertitre, "
            "[texte](https://adresse)."
        ),
    )
    mandate = forms.ModelChoiceField(
        label=_("Déjà dans votre annuaire"),
        queryset=Mandate.objects.none(),
        required=False,
        empty_label=_("Quelqu’un d’autre, écrit ci-dessous"),
        help_text=_("Qui a le dossier en charge compte plus que qui est tout en haut."),
    )
    who_responsibility = Line(
        label=_("En charge de"), max_length=160, required=False, help_text=_("« mobilités »")
    )
    who_source = Line(
        label=_("Où l’avez-vous lu ?"),
        max_length=200,
        required=False,
        help_text=_("L’adresse d’une page, un arrêté : pour vérifier plus tard."),
    )
    goal = forms.IntegerField(
        label=_("Objectif"),
        required=False,
        min_value=1,
        max_value=GOAL_MAX,
        help_text=_("Vide : l’objectif avance tout seul, 100, 200, 500, 1 000…"),
    )
    closes_on = forms.DateField(
        label=_("Dernier jour pour signer"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
    country = forms.ChoiceField(label=_("Pays proposé au formulaire"))
    asks_postcode = forms.BooleanField(
        label=_("Demander le code postal"), required=False, initial=True
    )
    count_policy = forms.ChoiceField(
        label=_("Une signature est comptée"),
        required=False,
        help_text=_("Ne change plus après la première signature."),
    )
    campaign = forms.ModelChoiceField(
        label=_("Campagne"),
        queryset=Campaign.objects.none(),
        required=False,
        empty_label=_("Une nouvelle, au nom de la pétition"),
    )
    slug = forms.SlugField(
        label=_("Adresse de la page"),
        max_length=SLUG_LENGTH,
        required=False,
        help_text=_(
            "Lettres, chiffres et traits d’union. L’ancienne adresse mènera à la nouvelle."
        ),
    )

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        today: date,
        is_published: bool = False,
        is_addressed: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.is_published = today, is_published
        # A post that nobody is known to hold has no line to choose: it stays as it is.
        self.keeps_post = is_addressed and not self.initial.get("mandate")
        fields: dict[str, Any] = self.fields
        fields["mandate"].queryset = mandates_of(organisation, on=today)
        fields["mandate"].label_from_instance = said
        fields["campaign"].queryset = campaigns_of(organisation)
        fields["country"].choices = sorted(country_names().items(), key=lambda c: _sortable(c[1]))
        fields["country"].initial = organisation.country
        fields["count_policy"].choices = [
            ("", _("selon la campagne")),
            *CountPolicy.choices,
        ]

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()

    def clean_closes_on(self) -> date | None:
        day: date | None = self.cleaned_data["closes_on"]
        if day and day < self.today and "closes_on" in self.changed_data:
            raise forms.ValidationError(_("Choisissez aujourd’hui ou un jour à venir."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._clean_who(data)
        return data

    def _clean_who(self, data: dict[str, Any]) -> None:
        typed = [data.get(f"who_{name}") for name in ("name", "post", "institution")]
        wanted = self.is_published and not self.keeps_post
        if data.get("mandate") or not (any(typed) or wanted):
            return
        for name in ("name", "post", "institution"):
            if not data.get(f"who_{name}") and f"who_{name}" not in self.errors:
                self.add_error(f"who_{name}", _("À remplir pour s’adresser à cette personne."))

    def words(self) -> Words:
        """The version these words make."""
        data, picture = self.cleaned_data, self.picture()
        return Words(
            title=data["title"],
            ask=data["ask"],
            story=html_from_markdown(data["story"]),
            image=picture,
            image_alt=data["image_alt"] if picture else "",
            image_credit=data["image_credit"] if picture else "",
        )

    def decision_maker(self) -> DecisionMaker | None:
        """Somebody typed rather than chosen, to be written down."""
        data = self.cleaned_data
        if data.get("mandate") or not data["who_name"]:
            return None
        return self.typed("responsibility", "source")

    def closes_at(self) -> datetime | None:
        """The last minute of the last day, in the current time zone."""
        day: date | None = self.cleaned_data["closes_on"]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None


class AuthorForm(PetitionForm):
    """The words of a supporter's petition: its terms are its team's, and so is its directory."""

    TERMS = (
        *("mandate", "goal", "closes_on", "country", "asks_postcode", "count_policy"),
        *("campaign", "slug", "who_source"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.TERMS:
            del self.fields[name]

    def names_somebody_else(self) -> bool:
        """Whether who decides was typed again, otherwise than it is."""
        return any(name.startswith("who_") for name in self.changed_data)

    def _clean_who(self, data: dict[str, Any]) -> None:
        if self.names_somebody_else():
            super()._clean_who(data)

    def decision_maker(self) -> DecisionMaker | None:
        """Somebody typed, to be written down in the directory of the team."""
        return self.typed("responsibility") if self.cleaned_data["who_name"] else None


def said(mandate: Mandate) -> str:
    """« Mme Khady Diallo, 3e adjointe au maire (mobilités), Ville de Valmont »."""
    post = mandate.post
    charge = f" ({post.responsibility})" if post.responsibility else ""
    return f"{mandate.person}, {post.label}{charge}, {post.organization}"


def _sortable(name: str) -> str:
    return unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().lower()


def initial_of(
    petition: Petition, version: Version, slug: str, mandate: Mandate | None
) -> dict[str, Any]:
    """What the form shows of a petition as it is."""
    closes_at = petition.closes_at
    return {
        "title": version.title,
        "ask": version.ask,
        "story": markdown_from_html(version.story),
        "kept_image": version.image,
        "image_alt": version.image_alt,
        "image_credit": version.image_credit,
        "mandate": mandate,
        "theme": petition.theme.slug if petition.theme else None,
        "goal": petition.fixed_goal,
        "closes_on": timezone.localdate(closes_at) if closes_at else None,
        "country": petition.country,
        "asks_postcode": in_force(petition, "asks_postcode"),
        "count_policy": petition.count_policy or "",
        "campaign": petition.campaign_id,
        "slug": slug,
    }


def author_initial_of(petition: Petition, version: Version) -> dict[str, Any]:
    """The same for its author, who sees whom it is addressed to and no directory."""
    person, post = petition.addressee_person, petition.addressee_post
    words = initial_of(petition, version, "", None)
    return {
        **{name: words[name] for name in AUTHOR_WORDS},
        "who_honorific": person.honorific_prefix if person else "",
        "who_name": person.name if person else "",
        "who_post": post.label if post else petition.addressee_text,
        "who_responsibility": post.responsibility if post else "",
        "who_institution": post.organization.name if post else "",
    }
