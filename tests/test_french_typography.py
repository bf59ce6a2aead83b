"""The mender of French texts."""

import pytest

from tests.french_typography import NARROW, NO_BREAK, marked_spans, mended


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("l'appel", "l’appel"),
        ("Merci !", f"Merci{NARROW}!"),
        ("Merci!", f"Merci{NARROW}!"),
        ("Vraiment ? Oui ; non", f"Vraiment{NARROW}? Oui{NARROW}; non"),
        ("Rappel : rien", f"Rappel{NO_BREAK}: rien"),
        ("Rappel: rien", f"Rappel{NO_BREAK}: rien"),
        ("« oui »", f"«{NO_BREAK}oui{NO_BREAK}»"),
        ("«{{ x }}» ?", f"«{NO_BREAK}{{{{ x }}}}{NO_BREAK}»{NARROW}?"),
        ("Attendez...", "Attendez…"),
        ('<a href="/?a=b: c">ici</a>', '<a href="/?a=b: c">ici</a>'),
        ("https://exemple.fr", "https://exemple.fr"),
        ("9 h 40, &nbsp; 12:30", "9 h 40, &nbsp; 12:30"),
        ("Merci\\u202f!", "Merci\\u202f!"),
        ("«\\u00a0oui\\u00a0»", "«\\u00a0oui\\u00a0»"),
    ],
)
def test_a_text_is_mended_once(written: str, right: str) -> None:
    assert mended(written) == right
    assert mended(right) == right


def test_only_marked_texts_are_seen() -> None:
    source = 'é = "a"\nx = _("Merci !" " à vous")\ny = "non !"\n'
    assert [source[b:e] for b, e in marked_spans("a.py", source)] == ['"Merci !" " à vous"']
    template = (
        '<p title="a ?">{% translate "Oui ?" %}{% blocktranslate %}Non !{% endblocktranslate %}'
    )
    assert [template[b:e] for b, e in marked_spans("a.html", template)] == ["Oui ?", "Non !"]
