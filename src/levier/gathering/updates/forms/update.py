"""What a campaigner types to tell signatories some news, and ask them one thing."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.html_cleaning import html_from_markdown, markdown_from_html
from levier.foundation.common.text_fields import Line, Text
from levier.foundation.directory.enums import ContactType
from levier.foundation.directory.models import ContactDetail
from levier.gathering.updates.enums import AskKind, UpdateKind
from levier.gathering.updates.forms.event import EventForm, day_field, initial_event
from levier.gathering.updates.models.ask import (
    INSTRUCTIONS_LENGTH,
    LABEL_LENGTH,
    SUGGESTED_LENGTH,
    Ask,
)
from levier.gathering.updates.models.update import BODY_LENGTH, TITLE_LENGTH
from levier.gathering.updates.queries.audience import Audience
from levier.gathering.updates.rules.words import AskWords, Words

ASK_MISSING = _("Que voulez-vous que vos signataires fassent ? Choisissez une demande, une seule.")
#: By what means each ask reaches the decision-maker.
MEANS: dict[str, frozenset[str]] = {
    AskKind.EMAIL: frozenset({ContactType.EMAIL}),
    AskKind.CALL: frozenset({ContactType.VOICE}),
    AskKind.TWEET: frozenset({ContactType.X, ContactType.BLUESKY, ContactType.MASTODON}),
    AskKind.FACEBOOK: frozenset({ContactType.FACEBOOK}),
}


class UpdateForm(EventForm):
    """Title and news, then the one ask. A draft may lack anything: what is typed need only be
    possible (U2)."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    kind = forms.ChoiceField(label=_("Ce qui se passe"), choices=UpdateKind.choices)
    title = Line(
        label=_("Titre"),
        max_length=TITLE_LENGTH,
        required=False,
        help_text=_("C’est aussi l’objet du courriel : la nouvelle, en une ligne."),
    )
    body = Text(
        label=_("La nouvelle"),
        max_length=BODY_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Ce qui vient de se passer, ce que cela change, et merci. Une ligne vide sépare les "
            "paragraphes ; **gras**, *italique*, - liste, [texte](https://adresse)."
        ),
    )
    ask = forms.ChoiceField(
        label=_("Ce que vous demandez"),
        widget=forms.RadioSelect,
        error_messages={"required": ASK_MISSING, "invalid_choice": ASK_MISSING},
    )
    label = Line(
        label=_("Le bouton"),
        max_length=LABEL_LENGTH,
        required=False,
        help_text=_("Un verbe : « Partager l’article »."),
    )
    instructions = Text(
        label=_("Ce que vous demandez, en deux phrases"),
        max_length=INSTRUCTIONS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    suggested_text = Text(
        label=_("Le texte proposé"),
        max_length=SUGGESTED_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Un début, que chaque personne fait sien avant de l’envoyer ou de le dire."),
    )
    contact = forms.ModelChoiceField(
        label=_("Par quel moyen"),
        queryset=ContactDetail.objects.none(),
        required=False,
        empty_label=_("Choisissez"),
    )
    closes_on = day_field(_("Dernier jour pour répondre"), _("Vide : tant que la pétition dure."))
    confirmed_only = forms.BooleanField(
        label=_("Seulement les adresses confirmées"), required=False
    )
    silent = forms.BooleanField(
        label=_("Seulement qui n’a pas répondu à la demande précédente"), required=False
    )
    areas = forms.MultipleChoiceField(
        label=_("Seulement ces territoires"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        asks: Sequence[AskKind],
        contacts: QuerySet[ContactDetail],
        areas: Sequence[tuple[str, str]],
        previous: int | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.previous = previous
        fields: dict[str, Any] = self.fields
        fields["ask"].choices = [(kind.value, kind.label) for kind in asks]
        fields["contact"].queryset = contacts
        fields["contact"].label_from_instance = said_contact
        fields["areas"].choices = areas

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        contact: ContactDetail | None = data.get("contact")
        if contact is not None and contact.type not in MEANS.get(data.get("ask", ""), ()):
            data["contact"] = None  # chosen for what was asked before
        closes = data.get("closes_on")
        if closes and closes < timezone.localdate(self.now) and "closes_on" in self.changed_data:
            self.add_error("closes_on", _("Choisissez aujourd’hui ou un jour à venir."))
        return data

    def words(self) -> Words:
        """What the news says, and to whom."""
        data = self.cleaned_data
        return Words(
            kind=data["kind"],
            title=data["title"],
            body=html_from_markdown(data["body"]),
            audience=Audience(
                areas=tuple(data["areas"]),
                confirmed_only=data["confirmed_only"],
                silent_since=self.previous if data["silent"] else None,
            ),
        )

    def asked(self) -> AskWords:
        """The one ask."""
        data, closes = self.cleaned_data, self.cleaned_data["closes_on"]
        contact: ContactDetail | None = data["contact"]
        evening = datetime.combine(closes, time(23, 59, 59)) if closes else None
        return AskWords(
            kind=data["ask"],
            label=data["label"],
            instructions=data["instructions"],
            suggested_text=data["suggested_text"],
            contact=contact.pk if contact else None,
            event_type=data["event_type"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            zone=data["zone"],
            place=data["place"],
            place_is_public=not data["place_is_private"],
            capacity=data["capacity"],
            closes_at=timezone.make_aware(evening) if evening else None,
        )


def initial_update(ask: Ask) -> dict[str, Any]:
    """What the form shows of a draft as it is."""
    update, audience = ask.update, Audience.kept_in(ask.update.audience)
    return {
        **initial_event(ask),
        "edition": update.edition,
        "kind": update.kind,
        "title": update.title,
        "body": markdown_from_html(update.body),
        "ask": ask.kind,
        "label": ask.label,
        "instructions": ask.instructions,
        "suggested_text": ask.suggested_text,
        "contact": ask.contact_id,
        "closes_on": timezone.localdate(ask.closes_at) if ask.closes_at else None,
        "confirmed_only": audience.confirmed_only,
        "silent": audience.silent_since is not None,
        "areas": list(audience.areas),
    }


def said_contact(contact: ContactDetail) -> str:
    """« mobilites@valmont.example (courriel, secrétariat) »."""
    told = [str(contact.get_type_display()), contact.label]
    return f"{contact.value} ({', '.join(word for word in told if word)})"
