"""What a campaigner writes, and what remains of what an attacker would."""

import pytest

from levier.foundation.common.html_cleaning import (
    clean_html,
    html_from_markdown,
    markdown_from_html,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Un.\n\nDeux.", "<p>Un.</p>\n<p>Deux.</p>"),
        ("Un\ndeux", "<p>Un<br>\ndeux</p>"),
        ("**fort** et *doux*", "<p><strong>fort</strong> et <em>doux</em></p>"),
        ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>"),
        ("1. un\n2. deux", "<ol>\n<li>un</li>\n<li>deux</li>\n</ol>"),
        ("## Titre", "<h2>Titre</h2>"),
        (
            "[ici](https://exemple.fr/)",
            '<p><a href="https://exemple.fr/" rel="nofollow noopener">ici</a></p>',
        ),
        (
            "![image](https://exemple.fr/x.png)",  # a link: no picture is called from elsewhere
            '<p>!<a href="https://exemple.fr/x.png" rel="nofollow noopener">image</a></p>',
        ),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
    ],
)
def test_a_story_is_kept_and_can_be_edited_again(typed: str, kept: str) -> None:
    assert html_from_markdown(typed) == kept
    assert html_from_markdown(markdown_from_html(kept)) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[clic](javascript:alert(1))",
        '<a href="javascript:alert(1)">clic</a>',
        "<style>body{display:none}</style>",
        "nul\x00 ici",
    ],
)
def test_nothing_that_runs_or_calls_elsewhere_remains(typed: str) -> None:
    kept = html_from_markdown(typed)
    assert kept
    for tag in ("<script", "<img", "<style", "<a", "\x00"):
        assert tag not in kept


def test_html_from_elsewhere_is_cleaned() -> None:
    dirty = (
        '<p onclick="x()">Bonjour <b>à</b> <a href="data:text/html,x">tous</a></p><iframe></iframe>'
    )
    assert clean_html(dirty) == '<p>Bonjour à <a rel="nofollow noopener">tous</a></p>'
