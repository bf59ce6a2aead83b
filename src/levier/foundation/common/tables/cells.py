"""One cell at a time: what spreadsheets did to it is undone, what cannot be is refused."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from levier.foundation.common.csv_export import FORMULA_STARTS

YES = frozenset(
    """oui o yes y 1 1.0 x true vrai ok on si ja ✓ ✔ ☑ coché cochée checked opt-in optin opted-in
    subscribed abonné abonnée inscrit inscrite accepte accepté d’accord d'accord confirmed confirmé
    confirmée validé validée""".split()  # noqa: SIM905 - words are read better than a list of them
)
NO = frozenset(
    """non n no 0 0.0 false faux off nein - – — n/a na nil none null aucun unchecked opt-out optout
    opted-out unsubscribed désabonné désabonnée refuse refusé pending unconfirmed""".split()  # noqa: SIM905
)
DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_HOUR = re.compile(
    r"[T ,àa]*\s*(\d{1,2})[:hH](\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*"
    r"(Z|UTC|GMT)?\s*([+-]\d{1,2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"(?:(\d{1,2})(?:er|st|nd|rd|th)?\s+)?([A-Za-zéûÉÛ]{3,10})\.?,?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?"
    r"(\d{4})"
)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_MONTHS = (
    "janvier january jan janv", "février fevrier february feb fév fev févr fevr", "mars march mar",
    "avril april apr avr", "mai may", "juin june jun", "juillet july jul juil",
    "août aout august aug",
    "septembre september sep sept", "octobre october oct", "novembre november nov",
    "décembre decembre december dec déc",
)  # fmt: skip
MONTHS = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
DRESSED = frozenset("='\ufeff")
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - the calendar of a spreadsheet has no zone
SERIALS = (20_000, 80_000)  # 1954 to 2119


def plain(cell: str) -> str:
    """The text meant: no spaces around, nor what keeps a spreadsheet from running or counting it
    (`="01000"`, `'=…`)."""
    text = cell.strip()
    if text[:1] not in DRESSED:
        return text
    text = text.strip("\ufeff")
    if text[:2] == '="' and text[-1] == '"' and len(text) > 2:
        return text[2:-1].strip()
    if text[:1] == "'" and text[1:].lstrip(" \u00a0").startswith(FORMULA_STARTS):
        return text[1:]
    return text


def truth(cell: str) -> bool | None:
    """Yes, no (or nothing), or None for words that say neither."""
    text = plain(cell).casefold()
    if not text or text in NO:
        return False
    return True if text in YES else None


@dataclass(frozen=True, kw_only=True)
class Dates:
    """Reads the dates of one column: day or month first, in the zone of who wrote them."""

    day_first: bool
    zone: tzinfo

    def read(self, cell: str) -> datetime | None:
        """The moment, midnight when no hour is told; None when it is no date."""
        text = plain(cell)
        day, rest = self._day(text)
        if day is None:
            return self._serial(text)
        try:
            return self._at(day, rest)
        except (ValueError, OverflowError):
            return None

    def _day(self, text: str) -> tuple[tuple[int, int, int] | None, str]:
        if found := _ISO.match(text):
            return (int(found[1]), int(found[2]), int(found[3])), text[found.end() :]
        if found := DAY.match(text):
            first, second, year = int(found[1]), int(found[2]), int(found[3])
            day, month = (first, second) if self.day_first else (second, first)
            return (year + 2000 if year < 100 else year, month, day), text[found.end() :]
        if found := _WORDS.match(text):
            month = MONTHS.get(found[2].casefold(), 0)
            number = found[1] or found[3]
            if month and number:
                return (int(found[4]), month, int(number)), text[found.end() :]
        return None, ""

    def _at(self, day: tuple[int, int, int], rest: str) -> datetime | None:
        if not rest.strip(" ,"):
            return datetime(*day, tzinfo=self.zone)
        found = _HOUR.fullmatch(rest)
        if found is None:
            return None
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if half := (found[4] or "").lower()[:1]:
            hour = hour % 12 + (12 if half == "p" else 0)
        moment = datetime(*day, hour, minute, second, tzinfo=self.zone)
        if offset := found[6]:
            return moment.replace(tzinfo=timezone(_offset(offset)))
        return moment.replace(tzinfo=UTC) if found[5] else moment

    def _serial(self, text: str) -> datetime | None:
        """The number of days by which spreadsheets keep a date."""
        if not _SERIAL.fullmatch(text):
            return None
        days = float(text.replace(",", "."))
        if not SERIALS[0] <= days <= SERIALS[1]:
            return None
        seconds = round(days * 86_400)
        return (EXCEL_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=self.zone)


def _offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    hours, minutes = (
        (int(digits[:2]), int(digits[2:] or 0)) if len(digits) > 2 else (int(digits), 0)
    )
    return sign * timedelta(hours=hours, minutes=minutes)


_COUNTED = re.compile(r"(\d+)\.0")  # a number that a program took for a quantity
_SCIENTIFIC = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)


def postcode_cell(cell: str, country: str) -> tuple[str, bool]:
    """A postcode with the zero that a spreadsheet took from it, and whether it was given back."""
    text = plain(cell)
    if found := _COUNTED.fullmatch(text):
        text = found[1]
    if country == "FR" and len(text) == 4 and text.isascii() and text.isdigit():
        return f"0{text}", True
    return text, False


def phone_cell(cell: str, country: str) -> tuple[str, bool]:
    """A telephone number with what a spreadsheet took from it, and whether anything was given
    back. One written as a power of ten has lost figures: empty, and True."""
    text = plain(cell)
    if found := _COUNTED.fullmatch(text):
        text = found[1]
    if _SCIENTIFIC.fullmatch(text):
        return "", True
    if not (text.isascii() and text.isdigit()):
        return text, False
    if country == "FR" and len(text) == 9 and text[0] != "0":
        return f"0{text}", True
    if len(text) == 11 and text.startswith(("33", "32", "41", "1")):
        return f"+{text}", True
    return text, False
