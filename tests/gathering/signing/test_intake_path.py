"""What the signing path is made of (P11)."""

import ast
import re
from pathlib import Path

import levier
from levier.gathering.signing.intake.statements import PARTS, signatures_statement, statement

SOURCE = Path(levier.__file__).parent
PATH = [
    *sorted((SOURCE / "gathering" / "signing" / "intake").glob("*.py")),
    *(SOURCE / "faces" / "public" / "front" / f"{n}.py" for n in ("sign", "body", "places")),
]
FORBIDDEN = re.compile(
    r"messaging|mails|smtp|email\.message|http\.client|urllib\.request|requests|httpx|hashers"
    r"|procrastinate"
)


def imported_by(path: Path) -> set[str]:
    """Every module a file imports, with the names taken from it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_P11_nothing_on_the_path_mails_calls_out_or_hashes_passwords() -> None:
    assert len(PATH) > 8
    wrong = {p.name: n for p in PATH for n in imported_by(p) if FORBIDDEN.search(n)}
    assert wrong == {}
    assert FORBIDDEN.search("levier.foundation.messaging.actions.queue")


def counted_tables(text: str) -> set[str]:
    """The tables right behind a `count(*)`; counting the rows of the batch itself is fine."""
    first = re.findall(r"count\(\*\).*?\bFROM\s+(\w+)", text, re.IGNORECASE | re.DOTALL)
    return {name for name in first if name.startswith("levier_")}


def test_P11_no_statement_counts_a_table() -> None:
    texts = [statement("people"), statement("lock"), statement("guard")]
    texts.append(signatures_statement(frozenset(PARTS)))
    assert [counted_tables(text) for text in texts] == [set()] * len(texts)
    assert counted_tables("SELECT count(*) AS n FROM levier_signature") == {"levier_signature"}
