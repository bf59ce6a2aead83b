"""The press article that illustrates news: its address, and its card when it cannot be read."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.text_fields import Line
from levier.gathering.petitions.forms.press import PressAddressForm
from levier.gathering.petitions.models.press_link import OUTLET_LENGTH, PRESS_TITLE_LENGTH
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.card import Card, card_in

CARD_MISSING = _("Nous n’avons pas pu lire cet article. Indiquez son titre et le nom du journal.")

TOO_LONG = _("Cette adresse est trop longue : collez celle de l’article, sans ce qui suit « ? ».")


class ArticleForm(PressAddressForm):
    """The address alone is enough: the page is read in the background (U5). Title and outlet are
    typed when it cannot be, or to correct what was read (U6)."""

    title = Line(label=_("Titre de l’article"), max_length=PRESS_TITLE_LENGTH, required=False)
    outlet = Line(label=_("Nom du journal"), max_length=OUTLET_LENGTH, required=False)
    day = forms.DateField(
        label=_("Paru le"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        validators=(MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))),
    )
    drop = forms.BooleanField(label=_("Retirer l’article"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "article", **kwargs})
        self.fields["url"].required = False
        self.fields["url"].error_messages["max_length"] = TOO_LONG
        self.fields["url"].help_text = _(
            "Nous lisons la page pour en faire une carte : titre, journal, jour, image."
        )

    def clean_url(self) -> str:
        return super().clean_url() if self.cleaned_data["url"] else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("url") and bool(data.get("title")) != bool(data.get("outlet")):
            self.add_error("outlet" if data.get("title") else "title", CARD_MISSING)
        return data

    def is_dropped(self, update: Update) -> bool:
        """Whether the article goes away."""
        gone = self.cleaned_data["drop"] or not self.cleaned_data["url"]
        return bool(update.article_url) and gone

    def is_new(self, update: Update) -> bool:
        """Whether something is to be kept: another address, or another card."""
        url = self.cleaned_data["url"]
        if not url or self.cleaned_data["drop"]:
            return False
        card = self.card(update)
        return bool(url != update.article_url or (card and card != card_in(update.article)))

    def card(self, update: Update) -> Card | None:
        """What was typed of it; None to have the page read. A card typed for another address, and
        left there, is not this one's."""
        data, known = self.cleaned_data, card_in(update.article)
        if not data["title"]:
            return None
        typed = Card(title=data["title"], outlet=data["outlet"], day=data["day"], image=known.image)
        if data["url"] == update.article_url:
            return typed
        if (typed.title, typed.outlet) == (known.title, known.outlet):
            return None
        return Card(title=typed.title, outlet=typed.outlet, day=typed.day)


def initial_article(update: Update) -> dict[str, Any]:
    """What the form shows of the article as it is."""
    card = card_in(update.article)
    return {
        "url": update.article_url,
        "title": card.title,
        "outlet": card.outlet,
        "day": card.day,
    }
