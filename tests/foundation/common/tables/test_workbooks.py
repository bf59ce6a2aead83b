"""Workbooks, sound and crafted. The files are written here, part by part."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from levier.foundation.common.tables.delimited import Dialect, records
from levier.foundation.common.tables.errors import (
    CutShort,
    EmptyTable,
    Locked,
    NotATable,
    Swollen,
    TooManyColumns,
)
from levier.foundation.common.tables.kinds import Kind, kind_of
from levier.foundation.common.tables.workbooks import write_as_text
from tests.workbooks import cell, ods, sheet, xlsx

CSV = Dialect(encoding="utf-8", separator=",")


def read(path: Path, tmp_path: Path, name: str = "") -> list[tuple[int, list[str]]]:
    assert kind_of(path) is Kind.WORKBOOK
    text = tmp_path / "texte.csv"
    write_as_text(path, text, sheet=name)
    return list(records(text, CSV))


def test_numbers_dates_and_formulas_come_as_text(tmp_path: Path) -> None:
    rows = [
        [cell("Prénom"), cell("Code"), cell("Téléphone"), cell("Le"), cell("Quand"), cell("Oui")],
        [cell("=cmd|' /C calc'!A0"), cell(1000), cell(612345678), cell(46022, style=1),
         cell(46022.5, style=2), cell(True)],
        [cell("Zoé", formula='HYPERLINK("x")'), cell(35000.5), cell("06 12"), cell("")],
    ]  # fmt: skip
    assert read(xlsx(tmp_path / "a.xlsx", sheet(rows)), tmp_path) == [
        (1, ["Prénom", "Code", "Téléphone", "Le", "Quand", "Oui"]),
        (2, ["=cmd|' /C calc'!A0", "1000", "612345678", "2025-12-31", "2025-12-31 12:00:00", "1"]),
        (3, ["Zoé", "35000.5", "06 12", "", "", ""]),
    ]


def test_rows_keep_their_number_and_the_first_sheet_that_holds_something_is_read(
    tmp_path: Path,
) -> None:
    path = xlsx(tmp_path / "b.xlsx", sheet([]), sheet([[cell("a")], [cell("b")]], first=4))
    assert read(path, tmp_path) == [(4, ["a"]), (5, ["b"])]
    assert write_as_text(path, tmp_path / "t.csv") == ["Feuille2", "Feuille1"]


def test_a_sheet_may_be_named(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "c.xlsx", sheet([[cell("un")]]), sheet([[cell("deux")]]))
    assert read(path, tmp_path, "Feuille2") == [(1, ["deux"])]
    assert read(path, tmp_path, "inconnue") == [(1, ["un"])]


def test_a_libreoffice_table_is_read(tmp_path: Path) -> None:
    path = ods(tmp_path / "d.ods", [["Prénom", "Nom"], ["Éloïse", "Lefèvre"]])
    assert read(path, tmp_path) == [(1, ["Prénom", "Nom"]), (2, ["Éloïse", "Lefèvre"])]


def test_an_empty_workbook_says_so(tmp_path: Path) -> None:
    with pytest.raises(EmptyTable):
        read(xlsx(tmp_path / "e.xlsx", sheet([])), tmp_path)


def test_a_workbook_cut_on_its_way_is_refused(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "f.xlsx", sheet([[cell(f"ligne {n}")] for n in range(500)]))
    cut = tmp_path / "coupe.xlsx"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(CutShort, match="incomplet"):
        kind_of(cut)
    spoilt = bytearray(whole.read_bytes())
    spoilt[200:400] = bytes(200)
    whole.write_bytes(spoilt)
    with pytest.raises(CutShort):
        read(whole, tmp_path)


def test_xml_that_is_not_xml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CutShort):
        read(xlsx(tmp_path / "g.xlsx", "<sheetData><row><c><v>1</row>"), tmp_path)


def test_a_protected_workbook_is_told_from_a_broken_one(tmp_path: Path) -> None:
    """An encrypted XLSX is an OLE file; the smallest we can write has nothing inside."""
    path = tmp_path / "h.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000))
    with pytest.raises((CutShort, Locked)):
        read(path, tmp_path)


def test_a_bomb_is_known_before_it_is_opened(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "bombe.xlsx", sheet([[cell("a")]]))
    with ZipFile(path, "a", ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/zeros.bin", bytes(64 * 1024 * 1024))
    assert path.stat().st_size < 100_000
    with pytest.raises(Swollen, match="trop grand"):
        kind_of(path)


def test_a_bomb_of_cells_meets_the_limit_of_memory(tmp_path: Path) -> None:
    """Two cells at the two ends of the grid: 17 billion between them, in a file of 2 KB."""
    far = '<row r="1048576"><c r="KN1048576"><v>1</v></c></row>'
    near = '<row r="1"><c r="A1"><v>1</v></c></row>'
    path = xlsx(tmp_path / "i.xlsx", f"<sheetData>{near}{far}</sheetData>")
    with pytest.raises(Swollen):
        read(path, tmp_path)
    assert not (tmp_path / "texte.csv").exists()


def test_a_sheet_of_too_many_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooManyColumns):
        read(xlsx(tmp_path / "j.xlsx", sheet([[cell(n) for n in range(301)]])), tmp_path)


def test_other_archives_are_named(tmp_path: Path) -> None:
    for inside, words in (("word/document.xml", "Word"), ("photo.jpg", "archive")):
        path = tmp_path / "k.xlsx"
        with ZipFile(path, "w") as parts:
            parts.writestr(inside, "x")
        with pytest.raises(NotATable, match=words):
            kind_of(path)


def test_a_lie_about_sizes_is_stopped_by_the_process(tmp_path: Path) -> None:
    """The table of contents says 10 bytes where there are 40 MB."""
    path = xlsx(tmp_path / "l.xlsx", sheet([[cell("é" * 1_000)] for _ in range(20_000)]))
    content = path.read_bytes()
    with ZipFile(path) as parts:
        true = parts.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(content.replace(true.to_bytes(4, "little"), (10).to_bytes(4, "little")))
    try:
        found = read(path, tmp_path)
    except (CutShort, Swollen):
        return
    assert len(found) <= 20_000
