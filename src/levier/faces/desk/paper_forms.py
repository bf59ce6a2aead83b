"""What somebody types while reading paper sheets: line by line, or many at once."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common import contact_fields
from levier.foundation.common.folding import folded
from levier.foundation.common.tables.cells import plain, truth
from levier.gathering.signing.actions.paper_lines import Line
from levier.gathering.signing.forms import Typed
from levier.gathering.signing.models.paper import (
    HIGHEST_SHEET,
    LINES_PRINTED,
    LONGEST_RUN,
    LONGEST_SHEET,
    PaperLine,
)

MOST_PASTED = 2_000
SHEET_ERROR = _("Un nombre entre 1 et 999 999, écrit en haut de la feuille.")


class SheetNumber(forms.IntegerField):
    """The number written or printed on a sheet."""

    def __init__(self, **options: Any) -> None:
        told = dict.fromkeys(("required", "invalid", "min_value", "max_value"), SHEET_ERROR)
        super().__init__(min_value=1, max_value=HIGHEST_SHEET, error_messages=told, **options)


class SheetForm(forms.Form):
    """Which sheet it is."""

    number = SheetNumber(
        label=_("Numéro de la feuille"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autofocus": True}),
    )


class PrintForm(forms.Form):
    """How many numbered sheets."""

    sheets = forms.IntegerField(
        label=_("Nombre de feuilles"),
        min_value=1,
        max_value=LONGEST_RUN,
        initial=20,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("Demandez entre 1 et 200\u00a0feuilles à la fois."),
        ),
    )


class LineForm(forms.Form):
    """One line of a sheet, its columns in the order they are printed."""

    last_name = Typed(contact_fields.name, _("Indiquez le nom (100 caractères au plus)."))
    first_name = Typed(contact_fields.name, _("Indiquez le prénom (100 caractères au plus)."))
    email = Typed(
        lambda typed: contact_fields.email(typed) if typed.strip() else "",
        _("Cette adresse ne semble pas complète. Illisible ? Laissez la case vide."),
    )
    postal_code = Typed(str.strip, "")
    consent = forms.BooleanField(required=False)

    def __init__(self, position: int, country: str, **options: Any) -> None:
        super().__init__(prefix=f"l{position}", use_required_attribute=False, **options)
        self.position, self.country = position, country

    @property
    def is_blank(self) -> bool:
        """Nothing was typed on that line; a box alone is nobody."""
        names = ("last_name", "first_name", "email", "postal_code")
        return not any(str(self[name].value() or "").strip() for name in names)

    def clean_postal_code(self) -> str:
        try:
            typed = self.cleaned_data["postal_code"]
            return contact_fields.postcode(typed, self.country, required=False)
        except ValueError as error:
            raise forms.ValidationError(
                _("Ce code postal n’en est pas un. Illisible ? Laissez la case vide.")
            ) from error

    def clean(self) -> dict[str, Any]:
        """A box without an address allows nothing: nobody could be written to."""
        data = self.cleaned_data
        if data.get("consent") and data.get("email") == "":
            self.add_error("email", _("La case est cochée : il faut l’adresse, ou décochez-la."))
        return data

    def line(self) -> Line:
        """What was read, once it is valid."""
        data = self.cleaned_data
        return Line(
            position=self.position,
            first_name=data["first_name"],
            last_name=data["last_name"],
            email=data["email"],
            postcode=data["postal_code"],
            country=self.country,
            consent=data["consent"],
        )


def blank_lines(country: str) -> list[LineForm]:
    """A sheet to fill in."""
    return [LineForm(n, country) for n in range(1, LINES_PRINTED + 1)]


def kept_lines(rows: Sequence[PaperLine], country: str) -> list[LineForm]:
    """The lines of a sheet as they were entered, and room for those that were not."""
    known = {row.position: row for row in rows}
    last = max([LINES_PRINTED, *known])
    return [
        LineForm(n, country, initial=_initial(known[n]) if n in known else None)
        for n in range(1, last + 1)
        if n not in known or known[n].anonymised_at is None
    ]


def _initial(row: PaperLine) -> dict[str, Any]:
    return {
        "last_name": row.last_name,
        "first_name": row.first_name,
        "email": row.email,
        "postal_code": row.postcode,
        "consent": row.consent,
    }


def sent_lines(data: Mapping[str, Any], country: str) -> list[LineForm]:
    """The lines that were on the screen: `rows` tells which."""
    told = str(data.get("rows", "")).split(",")[:LONGEST_SHEET]
    wanted = {int(n) for n in told if n.isascii() and n.isdigit() and len(n) < 4}
    return [LineForm(n, country, data=data) for n in sorted(wanted) if 1 <= n <= LONGEST_SHEET]


# What columns are called in the files people keep, folded.
TITLES = {
    "sheet": ("feuille", "n° feuille", "no feuille", "numero", "numero de feuille", "sheet"),
    "last_name": ("nom", "nom de famille", "last name", "lastname"),
    "first_name": ("prenom", "first name", "firstname"),
    "email": ("courriel", "e-mail", "email", "mail", "adresse", "adresse e-mail", "adresse mail"),
    "postal_code": ("code postal", "cp", "code", "postal code", "postcode"),
    "consent": ("accord", "consentement", "case", "nouvelles", "case cochee", "consent"),
}
BY_TITLE = {title: name for name, titles in TITLES.items() for title in titles}
IN_ORDER = ("last_name", "first_name", "email", "postal_code", "consent")


@dataclass(kw_only=True)
class PastedRow:
    """One line pasted: where it goes, what it says, and what is wrong with it."""

    text: str  # as pasted, to be given back
    sheet: int | None
    form: LineForm
    errors: list[str] = field(default_factory=list)


class PasteForm(forms.Form):
    """Many lines at once, from a spreadsheet."""

    number = SheetNumber(
        label=_("Numéro de la feuille"),
        required=False,
        help_text=_("Inutile si vos lignes ont une colonne « feuille »."),
    )
    lines = forms.CharField(
        label=_("Lignes"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "secret"}),
        error_messages={"required": _("Collez au moins une ligne.")},
        help_text=_(
            "Une personne par ligne : nom, prénom, courriel, code postal, accord (oui ou rien), "
            "séparés par une tabulation, un point-virgule ou une virgule. La première ligne peut "
            "donner les titres ; l’ordre est alors libre."
        ),
    )
    continued = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_lines(self) -> str:
        text = str(self.cleaned_data["lines"])
        if sum(1 for line in text.splitlines() if line.strip()) > MOST_PASTED + 1:
            raise forms.ValidationError(_("Deux mille lignes au plus à la fois."))
        return text

    def sheets_begun(self) -> set[int]:
        """Sheets whose good lines were kept a moment ago: the mended ones join them."""
        told = str(self.cleaned_data.get("continued", "")).split(",")[:MOST_PASTED]
        return {int(n) for n in told if n.isascii() and n.isdigit() and len(n) < 7}

    def rows(self, country: str) -> list[PastedRow]:
        """What was pasted, each line checked."""
        return list(_rows(self.cleaned_data["lines"], self.cleaned_data.get("number"), country))

    def header(self) -> str:
        """The line of titles, if there is one, to be given back above the lines to mend."""
        lines = self.cleaned_data["lines"].strip("\r\n").splitlines()
        cells = next(iter(_records(lines[:1], _separator(self.cleaned_data["lines"]))), [])
        return lines[0] if _titles(cells) else ""


def _rows(text: str, number: int | None, country: str) -> Iterator[PastedRow]:
    lines = [line for line in text.splitlines() if line.strip()]
    separator = _separator(text)
    columns: Sequence[str] = IN_ORDER
    for n, (line, cells) in enumerate(zip(lines, _records(lines, separator), strict=True)):
        if n == 0 and (titled := _titles(cells)):
            columns = titled
            continue
        yield _row(line, dict(zip(columns, map(plain, cells), strict=False)), number, country)


def _row(line: str, cells: dict[str, str], number: int | None, country: str) -> PastedRow:
    sheet, errors = number, list[str]()
    if typed := cells.get("sheet", ""):
        valid = typed.isascii() and typed.isdigit() and 1 <= int(typed[:7]) <= HIGHEST_SHEET
        sheet = int(typed[:7]) if valid else None
    if sheet is None:
        errors.append(str(SHEET_ERROR))
    agreed = truth(cells.get("consent", ""))
    if agreed is None:
        errors.append(str(_("Pour l’accord, écrivez « oui » ou laissez vide.")))
    data = {f"l1-{name}": cells.get(name, "") for name in IN_ORDER[:-1]}
    form = LineForm(1, country, data={**data, "l1-consent": "on" if agreed else ""})
    errors += [str(sentence) for sentences in form.errors.values() for sentence in sentences]
    return PastedRow(text=line, sheet=sheet, form=form, errors=errors)


def _records(lines: Sequence[str], separator: str) -> Iterator[list[str]]:
    """One record per line: a quotation mark left open spoils its own line only."""
    for line in lines:
        found = next(csv.reader(StringIO(line), delimiter=separator), [])
        yield found


def _separator(text: str) -> str:
    first = text.strip("\r\n")[:5_000]
    return max(("\t", ";", ","), key=first.count)


def _titles(cells: Sequence[str]) -> list[str]:
    """What each column is, when the line is one of titles."""
    names = [BY_TITLE.get(folded(plain(cell)), "") for cell in cells]
    return names if {"last_name", "first_name"} <= set(names) else []
