"""The French catalogue of plurals. Our texts are written in French, so they need no translation;
but in French zero is singular, and only a catalogue tells gettext so.
"""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
FOLDER = PACKAGE / "locale" / "fr" / "LC_MESSAGES"
LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"ngettext\({LITERAL},\s*{LITERAL},")  # as Django's templatize writes it
WRITTEN = datetime(1970, 1, 1, tzinfo=UTC)  # the same texts make the same file


def plural_pairs() -> set[tuple[str, str]]:
    """Every (singular, plural) said by our Python and our templates."""
    found: set[tuple[str, str]] = set()
    for path in PACKAGE.rglob("*.py"):
        found.update(pairs_in_python(path.read_text()))
    for ending in ("html", "txt", "mjml", "svg"):
        for path in (PACKAGE / "templates").rglob(f"*.{ending}"):
            found.update(pairs_in_template(path.read_text()))
    return found


def pairs_in_python(source: str) -> Iterator[tuple[str, str]]:
    """What one Python source says."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("ngettext"):
            singular, plural = (ast.literal_eval(text) for text in node.args[:2])
            yield singular, plural


def pairs_in_template(source: str) -> Iterator[tuple[str, str]]:
    """What one template says."""
    for singular, plural in IN_TEMPLATE.findall(templatize(source)):
        yield ast.literal_eval(singular), ast.literal_eval(plural)


def write_catalogue() -> None:
    """Write `django.po`, to read, and `django.mo`, which Django reads."""
    catalogue = Catalog(
        locale="fr",
        header_comment="# Made by `levier makeplurals`: not to be edited.",
        project="Levier",
        version="",
        last_translator="",
        language_team="",
        msgid_bugs_address="",
        fuzzy=False,
        creation_date=WRITTEN,
        revision_date=WRITTEN,
    )
    for pair in sorted(plural_pairs()):
        catalogue.add(pair, pair)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "django.po").open("wb") as file:
        write_po(file, catalogue, width=0)
    with (FOLDER / "django.mo").open("wb") as file:
        write_mo(file, catalogue)
