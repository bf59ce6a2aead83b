"""One field about somebody at a time: the clean value, or ValueError. Plain Python, no I/O.

The usual case is one match of a pattern; what does not match is looked at more closely before it
is refused, because names and addresses are more varied than patterns (P20).
"""

import re
import unicodedata

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from levier.foundation.common.countries import country_names

NAME_LENGTH = 100
EMAIL_LENGTH = 254
POSTCODE_LENGTH = 16
PHONE_DIGITS = (6, 15)  # ITU-T E.164

_USUAL_NAME = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœ][A-Za-zÀ-ÖØ-öø-ÿŒœ '’-]{0,99}")
# No letter in it may turn the reading direction, break the line, or be half a character; what is
# neither a letter, a mark, a figure nor punctuation (a drawing, a tag's < >) names nobody.
_TURNING = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
UNFIT = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd{_TURNING}]"
)
_NAME_KINDS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl", "No"})
_NAME_SIGNS = frozenset({"Pd", "Po", "Pi", "Pf", "Ps", "Pe", "Pc", "Sk", "Zs"})
_JOINERS = frozenset("\u200c\u200d\u00ad")  # Persian and Indic names are written with them
_ADDRESS_IN_NAME = re.compile(r"://|www\.|@", re.IGNORECASE)  # an advertisement, not a name

# Addresses that email-validator accepts as they are, unchanged: a test compares the two.
_USUAL_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[a-z0-9](?:-?[a-z0-9]){0,60}\.){1,4}([a-z]{2,20})"
)
_POSTCODES = {
    "FR": re.compile(r"\d{5}"),
    "BE": re.compile(r"[1-9]\d{3}"),
    "CH": re.compile(r"[1-9]\d{3}"),
    "LU": re.compile(r"\d{4}"),
    "CA": re.compile(r"[A-Z]\d[A-Z]\d[A-Z]\d"),
}
_PREFIXES = re.compile(r"(?:F|FR|B|BE|CH|L|LU)-(?=\d)")
_FREE_POSTCODE = re.compile(r"[\w \-.'/]{1,16}")
_PHONE = re.compile(r"\+?[\d .()/\u00a0\u202f-]{6,30}")


def name(typed: str) -> str:
    """A first or last name, kept as typed but for the spaces around."""
    typed = typed.strip()
    if _USUAL_NAME.fullmatch(typed):
        return typed
    if not 1 <= len(typed) <= NAME_LENGTH or _ADDRESS_IN_NAME.search(typed):
        raise ValueError
    kinds = {unicodedata.category(c) for c in typed if c not in _JOINERS}
    if not kinds <= _NAME_KINDS | _NAME_SIGNS or kinds.isdisjoint(_NAME_KINDS):
        raise ValueError
    return typed


def email(typed: str) -> str:
    """An address that can exist, as typed but for the spaces around; Unicode ones included."""
    typed = typed.strip()
    usual = _USUAL_EMAIL.fullmatch(typed)
    if usual and len(typed) <= EMAIL_LENGTH and usual[1] not in SPECIAL_USE_DOMAIN_NAMES:
        return typed
    if len(typed) > EMAIL_LENGTH or UNFIT.search(typed):
        raise ValueError
    try:
        validate_email(typed, check_deliverability=False)
    except EmailNotValidError as error:
        raise ValueError from error
    return typed


def country(typed: str, default: str) -> str:
    """An ISO 3166 code, the petition's own by default."""
    code = typed.strip().upper() or default
    if code not in country_names():
        raise ValueError
    return code


def postcode(typed: str, country: str, *, required: bool) -> str:
    """A postcode without its spaces; its shape is known for some countries, free for others."""
    typed = typed.strip().upper()
    shape = _POSTCODES.get(country)
    if not typed:
        if required and shape is not None:
            raise ValueError
        return ""
    if shape is None:
        if not _FREE_POSTCODE.fullmatch(typed):
            raise ValueError
        return typed
    if typed.isascii() and shape.fullmatch(typed):
        return typed
    tight = _PREFIXES.sub("", re.sub(r"\s", "", typed), count=1)
    tight = tight.replace("-", "") if country == "CA" else tight
    if not shape.fullmatch(tight) or not tight.isascii():
        raise ValueError
    return tight


def phone(typed: str) -> str:
    """A telephone number as typed: 6 to 15 figures and the usual signs between them."""
    typed = typed.strip()
    if not typed:
        return ""
    figures = sum(c in "0123456789" for c in typed)
    if not _PHONE.fullmatch(typed) or not PHONE_DIGITS[0] <= figures <= PHONE_DIGITS[1]:
        raise ValueError
    return typed
