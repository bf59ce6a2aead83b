"""What somebody typed, without what no eye sees."""

import pytest

from levier.foundation.common.text_fields import Line, Text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Une   piste\tcyclable\r\n", "Une piste cyclable"),
        ("nul\x00 ici\x07", "nul ici"),
        ("à l\u202eenvers", "à lenvers"),
        ("e\u0301te\u0301", "été"),
        ("« Oui\u202f! » 🚲", "« Oui\u202f! » 🚲"),
        ("<b>gras</b>", "<b>gras</b>"),
    ],
)
def test_a_line_is_one_line_of_plain_text(typed: str, kept: str) -> None:
    assert Line().clean(typed) == kept


def test_a_text_keeps_its_lines() -> None:
    assert Text().clean("un\r\n\r\ndeux\rtrois\x00\n") == "un\n\ndeux\ntrois"
