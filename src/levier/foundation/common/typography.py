"""French typography: numbers, ordinals, spaces, dates. Pure functions over text."""

import re
from datetime import date, datetime

from babel.dates import format_date, format_time
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

NARROW = "\u202f"  # narrow no-break space: thousands, before ; ! ?
ORDINAL = re.compile(r"\b(\d+)(er|ère|re|e|ème|d|de)\b")
NO_BREAK = "\u00a0"  # no-break space: before : and », after «, n°, before units


def number(value: int) -> str:
    """8686 → « 8 686 » with narrow no-break spaces."""
    return f"{value:,}".replace(",", NARROW)


def ordinal(value: int, *, feminine: bool = True) -> tuple[str, str]:
    """The figure and its raised letters: (« 8 686 », « e »), (« 1 », « re » or « er »)."""
    if value == 1:
        return "1", "re" if feminine else "er"
    return number(value), "e"


def french_spaces(text: str) -> str:
    """Set the spaces that French wants around punctuation, leaving addresses alone.

    Only spaces already typed are replaced: « Non ! » keeps its mark on the line, and
    « https://exemple.fr » is not touched.
    """
    text = re.sub(r" +([;!?])", NARROW + r"\1", text)
    text = re.sub(r" +(:)(?=\s|$)", NO_BREAK + r"\1", text)
    text = re.sub(rf"«[ {NO_BREAK}{NARROW}]*", "«" + NO_BREAK, text)
    text = re.sub(rf"[ {NO_BREAK}{NARROW}]*»", NO_BREAK + "»", text)
    text = re.sub(r"(\d) (?=\d{3}(?!\d))", r"\1" + NARROW, text)
    text = re.sub(r"(\d) (?=(?:km|m|cm|mm|kg|t|ha|h|min|€|%|M€)(?!\w))", r"\1" + NO_BREAK, text)
    text = re.sub(r"\bn° ?(?=\d)", "n°" + NO_BREAK, text)
    return text.replace("'", "’")


def raised(text: str) -> SafeString:
    """« 3e adjointe » with its ordinals raised, as HTML; the rest of the text is escaped."""
    return mark_safe(ORDINAL.sub(r"\1<sup>\2</sup>", escape(text)))  # noqa: S308 - just escaped


def day(value: date | datetime) -> str:
    """« 2 mars 2026 », « 1er mai 2026 », in the current time zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    written = format_date(value, "d MMMM y", locale="fr")
    return re.sub(r"^1 ", "1er ", written).replace(" ", NO_BREAK, 1)


def day_month(value: date | datetime) -> str:
    """« 2 mars », « 1er mai »."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    written = format_date(value, "d MMMM", locale="fr")
    return re.sub(r"^1 ", "1er ", written).replace(" ", NO_BREAK, 1)


def weekday(value: date | datetime) -> str:
    """« mercredi 16 septembre »."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_date(value, "EEEE ", locale="fr") + day_month(value)


def hour(value: datetime) -> str:
    """« 9 h 40 », « 14 h »."""
    local = timezone.localtime(value)
    minutes = format_time(local, "mm", locale="fr")
    hours = f"{local.hour}{NO_BREAK}h"
    return hours if minutes == "00" else f"{hours}{NO_BREAK}{minutes}"


def mask_email(address: str) -> str:
    """« camille@exemple.fr » → « c•••••@exemple.fr »: enough to recognise, not to learn."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••••@{domain}"


def initials(name: str) -> str:
    """« Khady Diallo » → « KD »; one letter for one word; never empty."""
    words = [word for word in re.split(r"[\s’'-]+", name) if word and word[0].isalpha()]
    if not words:
        return "•"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def shown_name(first_name: str, last_name: str) -> str:
    """« Paul T. » (P54): a signature can tell an opinion, so no whole last name is shown."""
    letter = next((c for c in last_name if c.isalpha()), "")
    return f"{first_name} {letter.upper()}." if letter else first_name
