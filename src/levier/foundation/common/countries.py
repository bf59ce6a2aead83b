"""The countries of ISO 3166-1, as CLDR knows them."""

from functools import cache

from babel import Locale
from babel.core import get_global

NOT_A_COUNTRY = frozenset({"AC", "CP", "DG", "EA", "EU", "IC", "TA", "ZZ"})  # CLDR, not ISO 3166


@cache
def country_names(language: str = "fr") -> dict[str, str]:
    """Every alpha-2 code with its name in a language."""
    names = Locale(language).territories
    codes = {code for code in get_global("territory_currencies") if len(code) == 2}
    return {code: names[code] for code in sorted((codes & set(names)) - NOT_A_COUNTRY)}
