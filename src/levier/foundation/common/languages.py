"""Languages by their code, each named in itself and in French."""

from dataclasses import dataclass
from functools import cache

from babel import Locale

#: Spoken around here, or by those a petition may concern; ISO 639, as the `lang` of a page.
CODES = (
    *("ar", "bn", "br", "ca", "co", "cs", "da", "de", "el", "en", "es", "eu", "fa", "fi", "gsw"),
    *("he", "hi", "hr", "hu", "hy", "it", "ja", "ka", "kab", "ko", "ku", "ln", "mg", "nl", "no"),
    *("oc", "pl", "ps", "pt", "ro", "ru", "so", "sq", "sr", "sv", "sw", "ta", "tr", "uk", "ur"),
    *("vi", "wo", "zh"),
)
FROM_THE_RIGHT = frozenset({"ar", "fa", "he", "ps", "ur"})
HOME = "fr"


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language a text may be in."""

    code: str
    own_name: str  # « English »
    french_name: str  # « anglais »

    @property
    def direction(self) -> str:
        """As the `dir` of an element."""
        return "rtl" if self.code in FROM_THE_RIGHT else "ltr"


@cache
def languages() -> dict[str, Language]:
    """Every language but French, by code, in the order of their French names."""
    found = [_language(code) for code in CODES]
    return {one.code: one for one in sorted(found, key=lambda one: one.french_name)}


def language_at(code: str) -> Language | None:
    """The language of that code; None for French and for one we do not know."""
    return languages().get(code)


def _language(code: str) -> Language:
    locale = Locale.parse(code)
    own = locale.get_display_name(code) or code
    return Language(
        code=code,
        own_name=own[:1].upper() + own[1:],
        french_name=locale.get_display_name(HOME) or code,
    )
