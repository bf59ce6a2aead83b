"""What somebody answers to an ask, field by field."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levier.foundation.common.text_fields import Text
from levier.foundation.common.typography import number
from levier.gathering.petitions.forms.picture import PictureForm
from levier.gathering.updates.actions.respond import Said
from levier.gathering.updates.enums import Answer, AskKind, CallResult
from levier.gathering.updates.models.response import CONTACT_LENGTH
from levier.gathering.updates.rules.answering import ANSWERS
from levier.gathering.updates.rules.own_words import longest_for

TICKS = ("for_page", "for_press", "for_dossier", "show_name")
# What each ask lets its answer serve for.
OFFERED: dict[str, tuple[str, ...]] = {
    AskKind.TESTIFY: TICKS,
    AskKind.ENCOURAGE: ("for_page", "show_name"),
    AskKind.CELEBRATE: ("for_page", "show_name"),
}
WRITTEN = frozenset({AskKind.EMAIL, AskKind.TWEET, AskKind.FACEBOOK})
SHORTEST = 3


class TicksForm(forms.Form):
    """What one's words may serve for: nothing that was not ticked (U50)."""

    for_page = forms.BooleanField(required=False)
    for_press = forms.BooleanField(required=False)
    for_dossier = forms.BooleanField(required=False)
    show_name = forms.BooleanField(required=False)


class AnswerForm(PictureForm, TicksForm):
    """One answer. `kind` is the ask's."""

    image_alt = None  # type: ignore[assignment] # a testimony's photo goes with its words
    image_credit = None  # type: ignore[assignment]
    contact = Text(
        max_length=CONTACT_LENGTH,
        required=False,
        error_messages={
            "max_length": gettext_lazy("Trois cents caractères au plus : qui, et comment.")
        },
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.longest = longest_for(kind)
        told = {"most": number(self.longest)}
        fields: dict[str, forms.Field] = self.fields
        fields["words"] = Text(
            max_length=self.longest,
            required=False,
            error_messages={
                "max_length": _("C’est un peu long : %(most)s caractères au plus.") % told
            },
        )
        acts = CallResult.values if kind == AskKind.CALL else ANSWERS[kind]
        fields["act"] = forms.ChoiceField(
            choices=[(one, one) for one in acts],
            error_messages=dict.fromkeys(
                ("required", "invalid_choice"), _("Choisissez une réponse.")
            ),
        )

    def clean(self) -> dict[str, Any]:
        data = forms.Form.clean(self) or self.cleaned_data
        if "words" in data and not self.errors:
            self._check_words(data)
        return data

    def _check_words(self, data: dict[str, Any]) -> None:
        words, contact = data["words"], data.get("contact", "")
        if data["act"] == Answer.TEXT and len(words) < SHORTEST:
            if self.kind == AskKind.ADVISE and contact:
                return
            self.add_error("words", _("Écrivez quelques mots."))
        if data["act"] == Answer.STARTED and self.kind in WRITTEN and len(words) < SHORTEST:
            self.add_error("words", _("Écrivez votre message, même court."))

    def said(self) -> Said:
        """The answer, once the form is right; what this ask does not offer is left out."""
        data, act = self.cleaned_data, self.cleaned_data["act"]
        ticks = {name: data[name] for name in OFFERED.get(self.kind, ())}
        return Said(
            kind=_answer(act),
            words=data["words"] if self.kind != AskKind.CALL else "",
            contact=data["contact"] if self.kind == AskKind.ADVISE else "",
            photo=self.picture() if self.kind == AskKind.TESTIFY else "",
            call_result=act if act in CallResult.values else "",
            **ticks,
        )


def _answer(act: str) -> Answer:
    """Nobody answered the telephone: it is begun, and can be tried again."""
    if act in CallResult.values:
        return Answer.STARTED if act == CallResult.NO_ANSWER else Answer.DONE
    return Answer(act)
