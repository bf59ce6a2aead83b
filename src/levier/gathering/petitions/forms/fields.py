"""The extra questions a petition asks (P8)."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.text_fields import Line, Text
from levier.gathering.petitions.rules.fields import (
    KEY_LENGTH,
    LABEL_LENGTH,
    MOST_FIELDS,
    MOST_OPTIONS,
    OPTION_LENGTH,
    Declared,
    new_key,
)


class FieldForm(forms.Form):
    """One question. Emptied, it is not asked any more."""

    key = forms.CharField(required=False, max_length=KEY_LENGTH + 3, widget=forms.HiddenInput)
    label = Line(label=_("Question"), max_length=LABEL_LENGTH, required=False)
    options = Text(
        label=_("Réponses proposées"),
        required=False,
        max_length=MOST_OPTIONS * OPTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Une par ligne. Vide : la personne écrit sa réponse."),
    )
    required = forms.BooleanField(label=_("Réponse obligatoire"), required=False)

    def clean_options(self) -> tuple[str, ...]:
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines()]
        options = tuple(dict.fromkeys(line for line in lines if line))
        if len(options) == 1:
            raise forms.ValidationError(_("Proposez au moins deux réponses, ou aucune."))
        if len(options) > MOST_OPTIONS or any(len(one) > OPTION_LENGTH for one in options):
            raise forms.ValidationError(
                _("Trente réponses au plus, de 120 caractères chacune au plus.")
            )
        return options


class Questions(BaseFormSet[FieldForm]):
    """All of them, in the order they are asked."""

    def declared(self, known: Sequence[Declared]) -> list[Declared]:
        """What was typed, each question under the name it had, or a new one."""
        keys = [one.key for one in known]
        told: list[Declared] = []
        for form in self.forms:
            data: dict[str, Any] = form.cleaned_data
            if not data.get("label"):
                continue
            taken = [*keys, *(one.key for one in told)]
            asked = {one.key for one in told}
            kept = data["key"] in keys and data["key"] not in asked
            told.append(
                Declared(
                    key=data["key"] if kept else new_key(data["label"], taken),
                    label=data["label"],
                    required=data["required"],
                    options=data["options"],
                )
            )
        return told


_FieldFormSet = formset_factory(
    FieldForm,
    formset=Questions,
    extra=0,
    min_num=MOST_FIELDS,
    max_num=MOST_FIELDS,
    absolute_max=MOST_FIELDS,
)


def questions_form(data: Any, asked: Sequence[Declared]) -> Questions:
    """Five lines: the questions asked now, then empty ones."""
    made = _FieldFormSet(data, initial=initial_fields(asked), prefix="q")
    return cast("Questions", made)


def initial_fields(asked: Sequence[Declared]) -> list[dict[str, Any]]:
    """What the form shows of the questions asked now."""
    return [
        {
            "key": one.key,
            "label": one.label,
            "options": "\n".join(one.options),
            "required": one.required,
        }
        for one in asked
    ]
