"""Small workbooks for tests, written part by part: a library that writes them is not needed."""

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = (
    f"<styleSheet {MAIN}><cellXfs>"
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>'
)


def cell(value: object, *, style: int = 0, formula: str = "") -> str:
    """The inside of one cell; `style` 1 is a day, 2 a day and an hour."""
    told = f"<f>{escape(formula)}</f>" if formula else ""
    if isinstance(value, bool):
        return f' t="b">{told}<v>{int(value)}</v>'
    if isinstance(value, int | float):
        return f' s="{style}">{told}<v>{value}</v>'
    if formula:
        return f' t="str">{told}<v>{escape(str(value))}</v>'
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is>'


def sheet(rows: Sequence[Sequence[str]], *, first: int = 1) -> str:
    """The XML of a sheet whose rows begin at `first`."""
    lines = (
        f'<row r="{n}">'
        + "".join(f'<c r="{_letters(m)}{n}"{inside}</c>' for m, inside in enumerate(row))
        + "</row>"
        for n, row in enumerate(rows, first)
    )
    return f"<sheetData>{''.join(lines)}</sheetData>"


def xlsx(path: Path, *sheets: str) -> Path:
    """A workbook of these sheets, named Feuille1, Feuille2…"""
    numbers = range(1, len(sheets) + 1)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
        f'ContentType="{SHEET_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    listed = "".join(f'<sheet name="Feuille{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    links = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as parts:
        parts.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
            f"{kinds}</Types>",
        )
        parts.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        parts.writestr(
            "xl/workbook.xml",
            f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}<Relationship Id="s" '
            f'Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        )
        parts.writestr("xl/styles.xml", STYLES)
        for n, inside in enumerate(sheets, 1):
            whole = (
                inside
                if inside.startswith("<worksheet")
                else f"<worksheet {MAIN}>{inside}</worksheet>"
            )
            parts.writestr(f"xl/worksheets/sheet{n}.xml", whole)
    return path


def ods(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """A LibreOffice table of texts."""
    base = "urn:oasis:names:tc:opendocument:xmlns"
    lines = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(text)}</text:p></table:table-cell>"
            for text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{base}:manifest:1.0"/>',
        )
        parts.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{base}:office:1.0" '
            f'xmlns:table="{base}:table:1.0" xmlns:text="{base}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="Feuille1">{lines}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _letters(n: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    return (_letters(n // 26 - 1) if n >= 26 else "") + chr(65 + n % 26)
