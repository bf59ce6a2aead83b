"""Files as people really send them: encodings, separators, titles, holes, line breaks."""

import subprocess
import sys
from pathlib import Path

import pytest

from levier.foundation.common.tables.errors import (
    EmptyTable,
    Garbled,
    NotATable,
    OpenQuote,
    TooHeavy,
    TooManyColumns,
    UnreadableTable,
)
from levier.foundation.common.tables.kinds import MOST_BYTES, Kind, kind_of
from levier.foundation.common.tables.shapes import Shape, body, shape_of, title_key

TITLES = ("prenom", "nom", "email", "ville")
ROWS = "Prénom;Nom;Email\nÉloïse;Lefèvre;eloise@exemple.fr\nZoé;O’Neil;zoe@exemple.fr\n"


def written(folder: Path, content: bytes, name: str = "liste.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(path: Path, **options: str) -> tuple[Shape, list[tuple[int, list[str]]]]:
    shape = shape_of(path, titles=TITLES, **options)
    width = len(shape.columns)
    return shape, list(body(path, dialect=shape.dialect, header=shape.header, width=width))


@pytest.mark.parametrize(
    ("codec", "mark", "name"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("cp1252", b"", "cp1252"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("mac_roman", b"", "mac_roman"),
        ("cp850", b"", "cp850"),
    ],
)
def test_every_usual_encoding_is_recognised(
    codec: str, mark: bytes, name: str, tmp_path: Path
) -> None:
    more = "".join(f"Amélie{n};Côté-Fréchette à Nîmes;a{n}@exemple.fr\n" for n in range(30))
    shape, rows = read(written(tmp_path, mark + (ROWS + more).encode(codec, "replace")))
    assert shape.dialect.encoding == name
    assert [column.title for column in shape.columns] == ["Prénom", "Nom", "Email"]
    assert rows[0][1][:2] == ["Éloïse", "Lefèvre"]
    assert rows[-1][1] == ["Amélie29", "Côté-Fréchette à Nîmes", "a29@exemple.fr"]
    assert shape.rows == len(rows) == 32


def test_a_few_rows_from_elsewhere_do_not_spoil_the_others(tmp_path: Path) -> None:
    good = "".join(f"Zoé{n};Müller;z{n}@exemple.fr\n" for n in range(100)).encode()
    path = written(
        tmp_path, b"Prenom;Nom;Email\n" + good + "Éric;Noël;e@exemple.fr\n".encode("cp1252")
    )
    shape, rows = read(path)
    assert (shape.dialect.encoding, shape.damaged) == ("utf-8", True)
    assert rows[0][1][0] == "Zoé0"
    assert "\ufffd" in rows[-1][1][0]
    again, _ = read(path, encoding="cp1252")
    assert (again.dialect.encoding, again.damaged) == ("cp1252", False)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators_are_sniffed(separator: str, tmp_path: Path) -> None:
    text = ROWS.replace(";", separator) + separator.join(('"Le Gall, Jean"', "a", "b@exemple.fr"))
    shape, rows = read(written(tmp_path, text.encode()))
    assert shape.dialect.separator == separator
    assert rows[-1][1] == ["Le Gall, Jean", "a", "b@exemple.fr"]


@pytest.mark.parametrize(("first", "separator"), [("sep=;", ";"), ("sep=|", "|"), ("SEP=\t", "\t")])
def test_the_separator_told_in_the_first_line_is_not_a_row(
    first: str, separator: str, tmp_path: Path
) -> None:
    text = f"{first}\r\n" + ROWS.replace(";", separator).replace("\n", "\r\n")
    shape, rows = read(written(tmp_path, text.encode()))
    assert shape.dialect.separator == separator
    assert (shape.header, rows[0][0]) == (2, 3)
    assert len(rows) == 2


def test_quotes_and_line_breaks_in_cells_keep_the_rows_of_the_spreadsheet(tmp_path: Path) -> None:
    text = (
        'Prénom,Nom,Email\r\n"Marie\r\nClaude","Dit ""Milou""",m@exemple.fr\r\n\r\n,,\r\nA,B,c@d.fr'
    )
    _, rows = read(written(tmp_path, text.encode()))
    assert rows == [
        (2, ["Marie\r\nClaude", 'Dit "Milou"', "m@exemple.fr"]),
        (5, ["A", "B", "c@d.fr"]),
    ]


def test_ragged_rows_are_filled_or_kept_whole(tmp_path: Path) -> None:
    _, rows = read(written(tmp_path, b"prenom;nom;email\nA\nA;B;c@d.fr;trop;long\n"))
    assert rows == [(2, ["A", "", "", "", ""]), (3, ["A", "B", "c@d.fr", "trop", "long"])]


@pytest.mark.parametrize(
    ("text", "header", "titles"),
    [
        ("Email;Email;;Nom\na@b.fr;;x;N\n", 1, ["Email", "Email (2)", "Colonne 3", "Nom"]),
        ("paul@exemple.fr;Paul\nzoe@exemple.fr;Zoé\n", 0, ["Colonne 1", "Colonne 2"]),
        ("Export du 3 mars\n\nPrénom;Nom;Email\nA;B;c@d.fr\n", 3, ["Prénom", "Nom", "Email"]),
        ("Truc;Bidule\n1;2\n", 1, ["Truc", "Bidule"]),
        ("email\na@b.fr\nc@d.fr\n", 1, ["email"]),
    ],
)
def test_titles_are_found_where_they_are(
    text: str, header: int, titles: list[str], tmp_path: Path
) -> None:
    shape, _ = read(written(tmp_path, text.encode()))
    assert shape.header == header
    assert [column.title for column in shape.columns] == titles


def test_columns_are_judged_by_what_they_hold(tmp_path: Path) -> None:
    text = "a;b;c\n" + "x@y.fr;13/04/2026;04/13/2026\n" * 2 + "z@y.fr;01/02/2026;01/02/2026\n"
    shape, _ = read(written(tmp_path, text.encode()))
    address, french, american = shape.columns
    assert (address.addresses, address.filled, address.samples) == (3, 3, ["x@y.fr", "z@y.fr"])
    assert (french.days_first, french.months_first) == (2, 0)
    assert (american.days_first, american.months_first) == (0, 2)


PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", EmptyTable, "aucune ligne"),
        (b"  \n \r\n", EmptyTable, "aucune ligne"),
        (PNG, NotATable, "une image PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(99), NotATable, "une image JPEG"),
        (b"GIF89a" + bytes(99), NotATable, "une image GIF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", NotATable, "une image WebP"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x"/>', NotATable, "une image SVG"),
        (b"%PDF-1.7 ...", NotATable, "un document PDF"),
        (b"\n <!DOCTYPE html><table><tr>", NotATable, "une page web"),
        ("<html><table>".encode("utf-16"), NotATable, "une page web"),
        (b'[{"email": "a@b.fr"}]', NotATable, "un fichier JSON"),
        (b"\x1f\x8b\x08" + bytes(50), NotATable, "une archive"),
        (bytes(range(1, 32)) * 40, Garbled, "ni un texte"),
    ],
)
def test_what_is_no_table_is_told_by_its_name(
    content: bytes, error: type[UnreadableTable], words: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=words):
        kind_of(written(tmp_path, content))


def test_zeros_that_belong_to_no_encoding_are_no_text(tmp_path: Path) -> None:
    path = written(tmp_path, b"abc\x00\x00\x00def;ghi\n" * 9)
    assert kind_of(path) is Kind.TEXT
    with pytest.raises(Garbled):
        shape_of(path)


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "lourd.csv"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(TooHeavy, match="200"):
        kind_of(path)


def test_titles_without_rows_are_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(EmptyTable):
        shape_of(written(tmp_path, b"prenom;nom;email\n;;\n"), titles=TITLES)


def test_a_quote_that_is_never_closed_is_told_with_its_row(tmp_path: Path) -> None:
    text = ROWS + '"Jean;Petit;j@exemple.fr\n' + "A;B;c@d.fr\n" * 40_000
    with pytest.raises(OpenQuote, match="ligne 4"):
        read(written(tmp_path, text.encode()))


def test_too_many_columns_are_refused_and_empty_ones_forgiven(tmp_path: Path) -> None:
    wide = written(tmp_path, (";".join(f"c{n}" for n in range(301)) + "\n1\n").encode())
    with pytest.raises(TooManyColumns):
        shape_of(wide)
    dragged = written(tmp_path, ("a;b" + ";" * 16_000 + "\n1;2" + ";" * 16_000).encode())
    assert len(shape_of(dragged).columns) == 2


def test_titles_are_compared_by_their_words() -> None:
    assert title_key("  Prénom(s) de l’Élu_e ") == "prenom s de l elu e"
    assert title_key("Sœur") == "soeur"


MEMORY = """
import resource, sys
from pathlib import Path
import django; django.setup()
from levier.foundation.common.tables.kinds import kind_of
from levier.foundation.common.tables.shapes import body, shape_of
from levier.foundation.common.tables.errors import UnreadableTable
path = Path(sys.argv[1])
small = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
n = 0
try:
    kind_of(path); shape = shape_of(path)
    for row in body(path, dialect=shape.dialect, header=shape.header, width=len(shape.columns)):
        n += 1
except UnreadableTable as error:
    print(type(error).__name__)
print(n, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - small) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "line", "told"),
    [
        (b"", b"Zo\xe9;Tremblay;paul.tremblay.de.la.montagne@exemple.fr;35000;FR;2026-03-01\n", ""),
        (b"", b"sans fin ni retour a la ligne", "OpenQuote"),
        (b'a,b\nc,d\ne,f\n"', b'un","enregistrement\n', "OpenQuote"),
    ],
)
def test_a_hundred_megabytes_are_read_in_little_memory(
    start: bytes, line: bytes, told: str, tmp_path: Path
) -> None:
    path, times = tmp_path / "cent.csv", 100 * 1024 * 1024 // len(line)
    with path.open("wb") as file:
        file.write(start)
        for _ in range(100):
            file.write(line * (times // 100))
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    *words, figures = done.stdout.splitlines()
    rows, megabytes = map(int, figures.split())
    assert words == ([told] if told else [])
    assert rows == (times // 100 * 100 if not told else 0)
    assert megabytes < 60
