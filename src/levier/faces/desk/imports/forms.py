"""What is asked of whoever brings a file: the file, then what its columns mean."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from levier.foundation.common.countries import country_names
from levier.foundation.common.tables.encodings import FRENCH, NAMES
from levier.foundation.common.text_fields import Text
from levier.foundation.people.actions.import_cleaning import CONSENTS
from levier.foundation.people.actions.import_columns import SHARED, day_first, guess

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xls,.xlsb,.ods"
WORDING_LENGTH = 2_000
NAMED = {"first_name", "last_name", "full_name"}


class FileForm(forms.Form):
    """The file. What it holds is looked at by the action."""

    file = forms.FileField(
        label=gettext_lazy("Le fichier"),
        help_text=gettext_lazy(
            "CSV, Excel (.xlsx, .xls) ou LibreOffice (.ods), 200\u00a0Mo au plus. Rien n’est écrit "
            "avant que vous ayez tout vu."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": gettext_lazy("Choisissez d’abord un fichier."),
            "empty": gettext_lazy("Ce fichier est vide. Exportez-le de nouveau."),
        },
    )


class EncodingForm(forms.Form):
    """Another way of reading the same file, when accents came out wrong or the sheet is another."""

    encoding = forms.ChoiceField(
        label=gettext_lazy("Lire les accents comme du"),
        required=False,
        choices=[("", gettext_lazy("laisser deviner")), ("utf-8", "UTF-8")]
        + [(name, NAMES[name]) for name in FRENCH],
    )
    sheet = forms.ChoiceField(label=gettext_lazy("Feuille"), required=False)

    def __init__(self, *args: Any, reading: Mapping[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        sheets = reading.get("sheets", [])
        choices = forms.ChoiceField(
            label=self.fields["sheet"].label,
            required=False,
            choices=[(name, name) for name in sheets],
        )
        self.fields["sheet"] = choices
        if sheets:
            del self.fields["encoding"]
        if len(sheets) < 2:
            del self.fields["sheet"]
        self.initial.setdefault("encoding", reading.get("chosen_encoding", ""))


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A column on the page: its title, a few of its cells, and the list to choose from."""

    title: str
    samples: list[str]
    field: BoundField


class MappingForm(forms.Form):
    """What each column means. Guessed first, corrected by whoever knows the file."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        reading: Mapping[str, Any],
        mapping: Mapping[str, Any],
        targets: Mapping[str, str | Promise],
        country: str,
        needs: tuple[str, ...],
    ) -> None:
        super().__init__(data)
        self.reading, self.targets, self.needs = reading, targets, needs
        columns = reading["columns"]
        chosen = mapping.get("columns") or guess(columns, targets)
        choices = [("", _("ne pas reprendre")), *((name, said) for name, said in targets.items())]
        for n, (column, target) in enumerate(zip(columns, chosen, strict=True)):
            self.fields[f"column_{n}"] = forms.ChoiceField(
                label=column["title"], required=False, choices=choices, initial=target
            )
        self._add_options(mapping, country, day_first(columns, chosen))
        self._add_wordings(mapping)

    def _add_options(self, mapping: Mapping[str, Any], country: str, first: bool) -> None:
        if "signed_at" in self.targets or "consent_at" in self.targets:
            self.fields["dates"] = forms.ChoiceField(
                label=_("Dates écrites avec des chiffres"),
                choices=[("day", _("jour, mois, année")), ("month", _("mois, jour, année"))],
                initial="day" if mapping.get("day_first", first) else "month",
            )
        named = sorted((name, code) for code, name in country_names().items())
        self.fields["country"] = forms.ChoiceField(
            label=_("Pays, quand le fichier ne le dit pas"),
            choices=[(code, name) for name, code in named],
            initial=mapping.get("country", country),
        )
        if "tags" in self.targets:
            self.fields["tags"] = forms.CharField(
                label=_("Étiquettes à poser sur toutes ces personnes"),
                help_text=_("Séparées par des virgules."),
                required=False,
                max_length=300,
                initial=", ".join(mapping.get("tags", [])),
            )
            self.fields["complete"] = forms.BooleanField(
                label=_("Compléter ce qui est vide chez les personnes déjà connues"),
                help_text=_("Ce qu’elles ont déjà donné n’est jamais remplacé."),
                required=False,
                initial=mapping.get("complete", False),
            )

    def _add_wordings(self, mapping: Mapping[str, Any]) -> None:
        told = mapping.get("wordings", {})
        for name in CONSENTS:
            if name in self.targets:
                self.fields[f"wording_{name}"] = Text(
                    label=capfirst(str(self.targets[name])),
                    required=False,
                    max_length=WORDING_LENGTH,
                    initial=told.get(name, ""),
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    def columns(self) -> Iterator[Shown]:
        """The columns, in the order of the file."""
        for n, column in enumerate(self.reading["columns"]):
            yield Shown(
                title=column["title"], samples=column["samples"][:3], field=self[f"column_{n}"]
            )

    def options(self) -> list[BoundField]:
        """The choices that concern the whole file."""
        return [self[name] for name in ("dates", "country", "tags") if name in self.fields]

    def wordings(self) -> list[BoundField]:
        """The words of each agreement."""
        return [self[name] for name in self.fields if name.startswith("wording_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = [data.get(f"column_{n}", "") for n in range(len(self.reading["columns"]))]
        times = Counter(target for target in chosen if target and target not in SHARED)
        for n, target in enumerate(chosen):
            if times[target] > 1:
                said = {"what": self.targets[target]}
                self.add_error(f"column_{n}", _("Une seule colonne peut être « %(what)s ».") % said)
        self._check_needs(set(chosen))
        for name in CONSENTS:
            if name in chosen and not data.get(f"wording_{name}"):
                self.add_error(
                    f"wording_{name}",
                    _(
                        "Recopiez la phrase que ces personnes ont acceptée, ou ne reprenez pas "
                        "la colonne."
                    ),
                )
        return data

    def _check_needs(self, chosen: set[str]) -> None:
        if "email" in self.needs and "email" not in chosen:
            self.add_error(None, _("Dites quelle colonne contient le courriel."))
        if "contact" in self.needs and not chosen & {"email", "phone"}:
            self.add_error(None, _("Dites quelle colonne contient le courriel, ou le téléphone."))
        if "name" in self.needs and not chosen & NAMED:
            self.add_error(None, _("Dites quelles colonnes contiennent le prénom et le nom."))

    def mapping(self) -> dict[str, Any]:
        """What was said, as the import keeps it."""
        data = self.cleaned_data
        chosen = [data[f"column_{n}"] for n in range(len(self.reading["columns"]))]
        tags = [tag.strip() for tag in (data.get("tags") or "").split(",")]
        return {
            "columns": chosen,
            "country": data["country"],
            "day_first": data.get("dates", "day") == "day",
            "tags": list(dict.fromkeys(tag for tag in tags if tag)),
            "complete": bool(data.get("complete")),
            "wordings": {name: data[f"wording_{name}"] for name in CONSENTS if name in chosen},
        }
