"""Links in the words of an update: none leads to the desk, where readers have nothing."""

import re

DESK = re.compile(
    r"""<a\b[^>]*\bhref="(?:https?://[^"/]+)?/?tableau-de-bord(?:/[^"]*)?"[^>]*>(.*?)</a>""",
    re.IGNORECASE | re.DOTALL,
)
LINK = re.compile(r"<a\b[^>]*\bhref=", re.IGNORECASE)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
MANY = 5


def without_desk_links(html: str) -> str:
    """Clean HTML with the words of such links, and not the links."""
    return DESK.sub(r"\1", html)


def looks_crowded(html: str) -> bool:
    """Whether there are so many links, or addresses of third persons, that somebody should look
    again before it leaves (§7)."""
    return len(LINK.findall(html)) > MANY or bool(ADDRESS.search(html))
