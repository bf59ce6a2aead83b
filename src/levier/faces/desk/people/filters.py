"""Which people a page shows, a file takes or a tag is put on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.errors import BadConditions
from levier.foundation.people.models.segment import Segment
from levier.foundation.people.queries.conditions.kinds import Choices, Parameter, Sort
from levier.foundation.people.queries.conditions.shape import Condition, Conditions, Group
from levier.foundation.people.queries.conditions.vocabulary import Vocabulary
from levier.foundation.people.queries.supporters import Order
from levier.foundation.people.queries.words import typed_words
from levier.gathering.signing.queries.kinds import supporters_vocabulary

YES_NO = [
    ("", gettext_lazy("peu importe")),
    ("oui", gettext_lazy("oui")),
    ("non", gettext_lazy("non")),
]
ORDERS = [
    (Order.LATEST, gettext_lazy("dernière activité")),
    (Order.NEWEST, gettext_lazy("arrivée")),
    (Order.NAME, gettext_lazy("nom")),
]
#: Field of the form → (kind, parameter) it fills.
FIELDS = {
    "recherche": ("mots", "mots"),
    "petition": ("signe", "petition"),
    "du": ("signe", "du"),
    "au": ("signe", "au"),
    "accord": ("accord", "accord"),
    "joignable": ("joignable", "canal"),
    "lieu": ("lieu", "debut"),
    "pays": ("pays", "pays"),
    "etiquette": ("etiquette", "etiquette"),
    "source": ("source", "source"),
    "apporte": ("apporte", "au_moins"),
    "actif_du": ("activite", "du"),
    "actif_au": ("activite", "au"),
}
#: Fields answered by yes or no → the kind asked about.
ASKED = {"confirme": "confirme", "commente": "commente"}
LABELS = {
    "recherche": gettext_lazy("Nom, courriel, téléphone ou code postal"),
    "petition": gettext_lazy("A signé"),
    "du": gettext_lazy("Signé depuis le"),
    "au": gettext_lazy("Signé jusqu’au"),
    "accord": gettext_lazy("A donné son accord"),
    "joignable": gettext_lazy("Joignable par"),
    "lieu": gettext_lazy("Code postal ou département"),
    "pays": gettext_lazy("Pays"),
    "etiquette": gettext_lazy("Étiquette"),
    "source": gettext_lazy("Est venue par"),
    "apporte": gettext_lazy("A fait signer au moins"),
    "actif_du": gettext_lazy("Dernière activité depuis le"),
    "actif_au": gettext_lazy("Dernière activité jusqu’au"),
    "confirme": gettext_lazy("A confirmé sa signature"),
    "commente": gettext_lazy("A laissé un commentaire"),
}


class FilterForm(forms.Form):
    """What is not understood is left out, so that an old address still shows a list."""

    def __init__(
        self, data: Mapping[str, Any], *, vocabulary: Vocabulary, segments: Choices = ()
    ) -> None:
        super().__init__(data)
        self.vocabulary = vocabulary
        for name, (kind, parameter) in FIELDS.items():
            known = vocabulary.kinds[kind].parameters
            chosen = next(one for one in known if one.name == parameter)
            self.fields[name] = _field(name, chosen, vocabulary)
        for name in ASKED:
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name], choices=YES_NO, required=False
            )
        self.fields["segment"] = forms.ChoiceField(
            label=gettext_lazy("Segment"),
            choices=[("", gettext_lazy("tous les soutiens")), *segments],
            required=False,
        )
        self.fields["tri"] = forms.ChoiceField(
            label=gettext_lazy("Trier par"), choices=ORDERS, required=False
        )

    def understood(self) -> dict[str, Any]:
        """What was understood of what was typed."""
        self.is_valid()
        return self.cleaned_data

    def conditions(self) -> Conditions:
        """All of them must be fulfilled; what makes no sense is left out."""
        typed = self.understood()
        values: dict[str, dict[str, str]] = {}
        for name, (kind, parameter) in FIELDS.items():
            if typed.get(name):
                values.setdefault(kind, {})[parameter] = str(typed[name])
        found = [Condition(kind=kind, values=given) for kind, given in values.items()]
        petition = {"petition": str(typed["petition"])} if typed.get("petition") else {}
        found += [
            Condition(kind=kind, negated=typed[name] == "non", values=petition)
            for name, kind in ASKED.items()
            if typed.get(name)
        ]
        sound = tuple(one for one in found if self._is_sound(one))
        return Conditions(groups=(Group(conditions=sound),) if sound else ())

    def order(self) -> Order:
        """How the list is sorted."""
        return Order(self.understood().get("tri") or Order.LATEST)

    def query(self, *without: str) -> str:
        """The same choices, for another address."""
        kept = {name: self.data.get(name) for name in self.fields if name not in without}
        return urlencode({name: value for name, value in kept.items() if value})

    def _is_sound(self, condition: Condition) -> bool:
        if condition.kind == "mots" and not typed_words(condition.values["mots"]):
            return False
        try:
            self.vocabulary.understood(condition)
        except BadConditions:
            return False
        return True


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The people that filters and a segment name together."""

    form: FilterForm
    vocabulary: Vocabulary
    segment: Segment | None
    parts: tuple[Conditions, ...] = field(default=())

    @property
    def q(self) -> Q:
        found = Q(organisation=self.vocabulary.organisation)
        for part in self.parts:
            found &= self.vocabulary.q(part)
        return found

    @property
    def is_everyone(self) -> bool:
        return not any(group.conditions for part in self.parts for group in part.groups)

    @property
    def sentences(self) -> list[str]:
        """What it means, in French; the segment by its name."""
        said = []
        if self.segment is not None:
            said.append(_("Segment « %(name)s ».") % {"name": self.segment.name})
        filters = self.form.conditions()
        if filters.groups or not said:
            said.append(self.vocabulary.sentence(filters))
        return said


def selection(organisation: Organisation, data: Mapping[str, Any], *, now: datetime) -> Selection:
    """The people an address or a form asks for. A segment that is gone or cannot be read any more
    is nobody's: it raises BadConditions rather than showing everybody."""
    vocabulary = supporters_vocabulary(organisation=organisation.pk, now=now)
    segments = list(Segment.objects.filter(organisation=organisation).order_by("name"))
    names = [(str(one.pk), one.name) for one in segments]
    form = FilterForm(data, vocabulary=vocabulary, segments=names)
    asked = str(data.get("segment", ""))
    chosen = next((one for one in segments if str(one.pk) == asked), None)
    if asked and chosen is None:
        raise BadConditions(_("Ce segment n’existe plus."))
    parts = [form.conditions()]
    if chosen is not None:
        parts.append(vocabulary.read(chosen.conditions))
    return Selection(form=form, vocabulary=vocabulary, segment=chosen, parts=tuple(parts))


def _field(name: str, parameter: Parameter, vocabulary: Vocabulary) -> forms.Field:
    common: dict[str, Any] = {"label": LABELS[name], "required": False}
    if parameter.sort == Sort.CHOICE:
        choices = [("", _("peu importe")), *vocabulary.choices(parameter)]
        return forms.ChoiceField(choices=choices, **common)
    if parameter.sort == Sort.DAY:
        return forms.DateField(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            **common,
        )
    kind = "search" if name == "recherche" else "text"
    attrs = (
        {"type": kind, "placeholder": parameter.example} if parameter.example else {"type": kind}
    )
    return forms.CharField(max_length=100, widget=forms.TextInput(attrs=attrs), **common)
