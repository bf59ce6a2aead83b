"""What is typed when a petition is said in another language."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.html_cleaning import html_from_markdown
from levier.foundation.common.languages import Language, languages
from levier.foundation.common.text_fields import Line, Text
from levier.gathering.petitions.actions.drafting import Words
from levier.gathering.petitions.forms.petition import STORY_LENGTH
from levier.gathering.petitions.models.petition import ASK_LENGTH, TITLE_LENGTH


class LanguageForm(forms.Form):
    """Another language."""

    language = forms.ChoiceField(
        label=_("Langue"),
        choices=lambda: [(code, one.french_name) for code, one in languages().items()],
    )


class TranslationForm(forms.Form):
    """The same text, in another language. A draft may still lack parts."""

    title = Line(label=_("Titre"), max_length=TITLE_LENGTH, required=False)
    ask = Line(
        label=_("Ce que vous demandez"),
        max_length=ASK_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    story = Text(
        label=_("Pourquoi c’est important"),
        max_length=STORY_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    image_alt = Line(label=_("Ce que montre l’image"), max_length=300, required=False)

    def __init__(self, *args: Any, language: Language, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"lang": language.code, "dir": language.direction}

    def words(self) -> Words:
        """What this translation says."""
        data = self.cleaned_data
        return Words(
            title=data["title"],
            ask=data["ask"],
            story=html_from_markdown(data["story"]),
            image_alt=data["image_alt"],
        )
