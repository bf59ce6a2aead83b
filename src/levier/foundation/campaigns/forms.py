"""What is typed about a campaign, its choices and its team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.campaigns.enums import CommentPolicy, CountPolicy, TeamRole
from levier.foundation.campaigns.models import INHERITED, LONGEST, SHORTEST, WORDS_LENGTH
from levier.foundation.common.text_fields import Line, Text

YES_NO = (("yes", _("oui")), ("no", _("non")))
LABELS = {
    "count_policy": _("Une signature est comptée"),
    "comment_policy": _("Les commentaires sont"),
    "comment_words": _("Mots qui retiennent un commentaire"),
    "retention_months": _("Mois avant d’effacer les noms"),
    "offers_org_news": _("Proposer « d’autres façons d’agir » par courriel"),
    "offers_phone": _("Proposer de poursuivre par téléphone"),
    "offers_post": _("Proposer de poursuivre par la poste"),
    "asks_postcode": _("Demander le code postal"),
    "reviews_updates": _("Faire relire les mises à jour"),
}
HINTS = {
    "count_policy": _("Ne change plus pour une pétition déjà signée."),
    "comment_words": _(
        "Un par ligne. Là où les commentaires paraissent aussitôt, ceux qui en contiennent un "
        "attendent d’être relus."
    ),
    "reviews_updates": _("Par une autre personne de l’équipe, avant leur envoi."),
    "retention_months": _("Comptés depuis la clôture de la pétition : de 1 à 36."),
}
ENUMS: dict[str, Any] = {
    "count_policy": CountPolicy.choices,
    "comment_policy": CommentPolicy.choices,
}


class ChoicesForm(forms.Form):
    """The choices that are inherited. With `above`, each may be left to what stands above.

    `above` has them as attributes; `whose` says whose they are: « la campagne ».
    """

    def __init__(self, *args: Any, above: Any = None, whose: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.follows = above is not None
        self.kept: dict[str, Any] = {}
        for name in INHERITED:
            self.fields[name] = self._field(name, above, whose)

    def _field(self, name: str, above: Any, whose: str) -> forms.Field:
        hint = HINTS.get(name, "")
        inherited = _said(name, getattr(above, name), whose) if self.follows else ""
        words: dict[str, Any] = {"label": LABELS[name], "required": not self.follows}
        if name == "retention_months":
            return forms.IntegerField(
                min_value=SHORTEST, max_value=LONGEST, help_text=_both(hint, inherited), **words
            )
        if name == "comment_words":
            words["required"] = False
            box = forms.Textarea(attrs={"rows": 4})
            return Text(
                max_length=WORDS_LENGTH, widget=box, help_text=_both(hint, inherited), **words
            )
        choices = list(ENUMS.get(name, YES_NO))
        if self.follows:
            choices.insert(0, ("", inherited))
        return forms.ChoiceField(choices=choices, help_text=hint, **words)

    def keep(self, name: str, value: Any) -> None:
        """Ask nothing of a choice that cannot change any more."""
        del self.fields[name]
        self.kept[name] = value

    def chosen(self) -> dict[str, Any]:
        """What was chosen here, by name; what is left to follow is not in it."""
        data = {name: self.cleaned_data.get(name, self.kept.get(name)) for name in INHERITED}
        kept = data if not self.follows else {k: v for k, v in data.items() if v not in ("", None)}
        return {
            name: value == "yes" if name not in ENUMS and value in ("yes", "no") else value
            for name, value in kept.items()
        }


def initial_choices(held: Any, names: Any) -> dict[str, Any]:
    """What the form shows of those choices."""
    return {name: _typed(getattr(held, name)) for name in names}


class CampaignForm(ChoicesForm):
    """A campaign's name, and what its petitions inherit."""

    name = Line(label=_("Nom"), max_length=120)


class PartForm(forms.Form):
    """Somebody's part in a campaign; empty: their role in the organisation decides."""

    user = forms.IntegerField(min_value=1, max_value=2**62)
    role = forms.ChoiceField(choices=[("", ""), *TeamRole.choices], required=False)


def _typed(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _both(hint: Any, inherited: str) -> str:
    return f"{hint} {inherited}".strip()


def _said(name: str, value: Any, whose: str) -> str:
    """« hérité de la campagne : dès la signature »."""
    if name == "comment_words":
        words = ", ".join(str(value).split("\n")) or _("aucun")
        return _("Vide : hérité de %(whose)s (%(value)s).") % {"whose": whose, "value": words}
    if name == "retention_months":
        return _("Vide : hérité de %(whose)s (%(value)s mois).") % {"whose": whose, "value": value}
    shown = dict(ENUMS.get(name, YES_NO)).get(_typed(value), value)
    return _("hérité de %(whose)s : %(value)s") % {"whose": whose, "value": shown}
