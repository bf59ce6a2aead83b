"""Form fields for plain text: what somebody typed, without what no eye sees."""

import re
import unicodedata
from typing import Any

from django import forms

# Overrides and isolates of direction: they make one text read as another.
BIDI_CONTROLS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))

LINE_ENDS = frozenset({"Cc", "Zl", "Zp"})  # controls, line and paragraph separators


class Line(forms.CharField):
    """One line: plain spaces folded, controls and direction overrides removed."""

    def to_python(self, value: Any) -> str:
        return re.sub(" +", " ", _plain(str(value or ""))).strip()


class Text(forms.CharField):
    """Several lines, each ended by a line feed."""

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        return "\n".join(_plain(line) for line in text.split("\n")).strip()


def _plain(text: str) -> str:
    normal = unicodedata.normalize("NFC", text).translate(BIDI_CONTROLS)
    return "".join(" " if unicodedata.category(c) in LINE_ENDS else c for c in normal)
