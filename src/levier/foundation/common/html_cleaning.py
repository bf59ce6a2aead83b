"""The little HTML a campaigner may write: Markdown in, clean HTML kept, Markdown back to edit."""

from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdownify import markdownify

TAGS = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "blockquote"})
SCHEMES = frozenset({"http", "https", "mailto"})


def html_from_markdown(text: str) -> str:
    """Clean HTML: paragraphs, emphasis, lists, titles, quotes, links. Raw HTML shows as text."""
    return clean_html(_markdown().render(text.replace("\x00", "")))


def clean_html(html: str) -> str:
    """What is left once everything not listed above is gone; links get `nofollow`."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(SCHEMES),
        link_rel="nofollow noopener",
    ).strip()


def markdown_from_html(html: str) -> str:
    """The text to edit again. `html_from_markdown` gives the same HTML back."""
    return str(markdownify(html, heading_style="ATX", bullets="-", strong_em_symbol="*")).strip()


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    return parser.disable(["code", "fence", "image", "html_block", "html_inline", "backticks"])
