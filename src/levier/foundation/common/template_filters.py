"""Template filters that every page and mail has at hand."""

import re
from datetime import date, datetime
from html import unescape

from django import template
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString

from levier.foundation.common import french_words, typography

register = template.Library()


@register.filter
def number(value: int | None) -> str:
    """{{ 8686|number }} → 8 686 (narrow no-break space); nothing for nothing."""
    return "" if value is None else typography.number(int(value))


@register.filter
def ordinal(value: int, gender: str = "f") -> SafeString:
    """{{ 8686|ordinal }} → 8 686<sup>e</sup>; {{ 1|ordinal:"m" }} → 1<sup>er</sup>."""
    figure, letters = typography.ordinal(int(value), feminine=gender == "f")
    return format_html("{}<sup>{}</sup>", figure, letters)


@register.filter
def ordinal_text(value: int, gender: str = "f") -> str:
    """The same where there is no markup: 8 686e."""
    return "".join(typography.ordinal(int(value), feminine=gender == "f"))


@register.filter
def french_spaces(value: str) -> str:
    """Set the spaces that French wants in a text somebody typed. Escaping still applies."""
    return typography.french_spaces(str(value))


@register.filter
def words_alone(html: str) -> str:
    """<p>Un.</p><p>Deux.</p> → Un. Deux.: for an extract, a description. Escaping still applies."""
    return re.sub(r"[ \n]+", " ", unescape(strip_tags(str(html).replace("</p>", " </p>")))).strip()


@register.filter
def raised(value: str) -> SafeString:
    """{{ "3e adjointe au maire"|raised }} → 3<sup>e</sup> adjointe au maire."""
    return typography.raised(str(value))


@register.filter
def day(value: date | datetime | None) -> str:
    """2 mars 2026."""
    return "" if value is None else typography.day(value)


@register.filter
def day_month(value: date | datetime | None) -> str:
    """2 mars."""
    return "" if value is None else typography.day_month(value)


@register.filter
def weekday(value: date | datetime | None) -> str:
    """mercredi 16 septembre."""
    return "" if value is None else typography.weekday(value)


@register.filter
def hour(value: datetime | None) -> str:
    """9 h 40."""
    return "" if value is None else typography.hour(value)


@register.filter
def initials(value: str) -> str:
    """Khady Diallo → KD."""
    return typography.initials(str(value))


@register.filter
def greeting(first_name: str | None) -> str:
    """{{ "PAUL"|greeting }} → Bonjour Paul, ; Bonjour, for nobody in particular."""
    return french_words.greeting(str(first_name or ""))


@register.filter
def given_name(value: str) -> str:
    """{{ "jean-pierre"|given_name }} → Jean-Pierre."""
    return french_words.given_name(str(value))


@register.filter
def de(value: str) -> str:
    """{{ "Amnistie"|de }} → d’Amnistie; {{ "Le Secours"|de }} → du Secours."""
    return french_words.de(str(value))


@register.filter
def que(value: str) -> str:
    """{{ "Amnistie"|que }} → qu’Amnistie."""
    return french_words.que(str(value))
