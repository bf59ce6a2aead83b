"""What PostgreSQL writes is what `csv_export` would have written."""

import csv
import uuid
from datetime import datetime
from io import StringIO

import pytest
from django.db.models import F, Q

from levier.foundation.accounts.models import Organisation
from levier.foundation.common.csv_copy import computed, copied, label, moment, one_of, text
from levier.foundation.common.csv_export import FORMULA_STARTS, neutral
from levier.foundation.people.models.person import Person

pytestmark = pytest.mark.django_db
CELLS = [
    *(f"{start}1" for start in FORMULA_STARTS),
    *(f" \u00a0{start}1" for start in FORMULA_STARTS),
    *(
        "",
        "Zoé",
        "Élodie",
        "12",
        "[x]",
        "^",
        "'",
        '"',
        ";",
        "a\nb",
        "\u00a0",
        "日本",
        "ﬁ",
        "_",
        "@",
    ),
]


def written(organisation: Organisation, now: datetime) -> list[list[str]]:
    for n, cell in enumerate(CELLS):
        Person.objects.create(
            organisation=organisation, uuid=uuid.uuid4(), first_name=cell, last_name=str(n),
            country="FR" if n % 2 else "", created_at=now,
        )  # fmt: skip
    columns = (
        text("first_name"), computed(F("first_name")), moment("created_at"), F("merged_into"),
        label("country", [("FR", "France"), ("", "ailleurs")]),
        one_of(Q(country="FR"), "oui", "non"),
    )  # fmt: skip
    pieces = copied(["a", "b", "c", "d", "é", "f"], Person.objects.order_by("pk"), columns)
    content = b"".join(pieces).decode()
    assert content.startswith("\ufeffa;b;c;d;é;f\r\n")
    return list(csv.reader(StringIO(content, newline=""), delimiter=";"))[1:]


def test_cells_are_neutral_as_those_written_here(valmont: Organisation, now: datetime) -> None:
    rows = written(valmont, now)
    neutralised = [neutral(cell).replace("\n", "\r\n") for cell in CELLS]
    assert [row[0] for row in rows] == neutralised
    assert [row[1] for row in rows] == neutralised
    assert {row[2] for row in rows} == {"2026-09-16 09:40:00"}
    assert {row[3] for row in rows} == {""}
    assert [row[4:] for row in rows[:2]] == [["ailleurs", "non"], ["France", "oui"]]


def test_a_long_file_leaves_in_pieces(
    valmont: Organisation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("levier.foundation.common.csv_copy.PIECE", 64)
    written(valmont, now)
    pieces = list(copied(["n"], Person.objects.order_by("pk"), [text("last_name")]))
    assert len(pieces) == 2
    assert b"".join(pieces).count(b"\r\n") == len(CELLS) + 1
