"""French as a careful editor writes it, in the texts marked for translation.

`python -m tests.french_typography FILE…` mends files; the house rules refuse what it would change.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

NARROW, NO_BREAK = "\u202f", "\u00a0"
SPACE = rf"[ {NARROW}{NO_BREAK}]"
ESCAPED = r"(?<!\\u202f)(?<!\\u00a0)(?<!\\xa0)"  # a space already there, written as its number
END = r"(?=[\s<\"]|$)"
MENDS = [
    (re.compile(r"(?<=[a-zà-ÿ])'(?=[a-zà-ÿ])", re.IGNORECASE), "’"),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(rf" ([!?;]){END}"), rf"{NARROW}\1"),
    (re.compile(rf"(?<=[\wà-ÿ»)%]){ESCAPED}([!?]){END}"), rf"{NARROW}\1"),
    (re.compile(rf"[ {NARROW}]:{END}"), f"{NO_BREAK}:"),
    (re.compile(rf"(?<=[\wà-ÿ»)]){ESCAPED}:(?=\s|$)"), f"{NO_BREAK}:"),
    (re.compile(rf"«{SPACE}?(?!\\)"), f"«{NO_BREAK}"),
    (re.compile(rf"{ESCAPED}{SPACE}?»"), f"{NO_BREAK}»"),
]
TAG = re.compile(r"(<[^>]*>|{%.*?%}|{{.*?}})", re.DOTALL)
MARKED = re.compile(
    r'{%-?\s*translate\s+"(?P<short>[^"]*)"|{%\s*blocktranslate[^%]*%}(?P<long>.*?){%\s*endblock',
    re.DOTALL,
)
MARKS = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"})


def mended(text: str) -> str:
    """The text with its spaces, quotation marks and apostrophes as they should be."""
    pieces = TAG.split(text)
    return "".join(piece if TAG.fullmatch(piece) else _mended(piece) for piece in pieces)


def _mended(text: str) -> str:
    for pattern, replacement in MENDS:
        text = pattern.sub(replacement, text)
    return text


def marked_spans(path: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the texts marked for translation begin and end."""
    if path.endswith(".py"):
        yield from _spans_in_python(text)
        return
    for match in MARKED.finditer(text):
        yield match.span("short" if match["short"] is not None else "long")


def _spans_in_python(text: str) -> Iterator[tuple[int, int]]:
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    encoded = text.encode()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in MARKS:
            for given in node.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    begin = starts[given.lineno - 1] + given.col_offset
                    end = starts[(given.end_lineno or 1) - 1] + (given.end_col_offset or 0)
                    yield len(encoded[:begin].decode()), len(encoded[:end].decode())


def faults(path: str, text: str) -> Iterator[str]:
    """One sentence per text that is not as it should be."""
    for begin, end in marked_spans(path, text):
        found = text[begin:end]
        if mended(found) != found:
            line = text[:begin].count("\n") + 1
            yield f"line {line}: « {' '.join(found.split())[:60]} »; tests.french_typography mends"


def mend_file(path: Path) -> None:
    """Rewrite the marked texts of one file."""
    text = path.read_text()
    for begin, end in sorted(marked_spans(str(path), text), reverse=True):
        text = text[:begin] + mended(text[begin:end]) + text[end:]
    path.write_text(text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        mend_file(Path(name))
