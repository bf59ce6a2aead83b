"""Exports open in French spreadsheets and run nothing."""

import pytest

from levier.foundation.common.csv_export import csv_chunks, neutral


def test_a_file_begins_with_its_mark_and_separates_with_semicolons() -> None:
    content = b"".join(csv_chunks(["Prénom", "Nom"], [["Zoé", 'Le "Grand"'], ["A;B", None]]))
    assert content.decode() == '\ufeffPrénom;Nom\r\nZoé;"Le ""Grand"""\r\n"A;B";\r\n'


def test_nothing_to_export_is_a_header() -> None:
    assert b"".join(csv_chunks(["a"], [])).decode() == "\ufeffa\r\n"


@pytest.mark.parametrize(
    "cell", ["=1+1", "+33 6 12", "-2", "@SUM(A1)", "\tx", "\rx", "  =1+1", "＝1", "\u00a0=1"]
)
def test_a_formula_is_made_harmless(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Zoé", "O’Neil-Roux", "a=b", "35000", "é@x.fr", ""])
def test_words_are_left_alone(cell: str) -> None:
    assert neutral(cell) == cell


def test_rows_are_written_a_few_hundred_at_a_time() -> None:
    chunks = list(csv_chunks(["n"], ([n] for n in range(1_200))))
    assert len(chunks) == 3
    assert b"".join(chunks).count(b"\r\n") == 1_201
