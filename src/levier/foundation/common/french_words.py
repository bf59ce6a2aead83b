"""Small words of French that change with what follows: « d’Amnistie », « du Secours », « Paul »
for « PAUL ». Pure functions over text."""

import re

from django.utils.translation import gettext as _

from levier.foundation.common.folding import folded

WORD = re.compile(r"[^\W\d_]+")
ARTICLE = re.compile(r"(le|la|les)\s+|l[’']\s*", re.IGNORECASE)
# Initials that are not silent: « de Hambourg », « du Havre », « la hausse ».
BREATHED = frozenset(
    {
        *("hache", "haie", "haine", "haïti", "hall", "halle", "halles", "halte", "hambourg"),
        *("hameau", "hanche", "hand", "handball", "handicap", "hangar", "hanovre", "harcèlement"),
        *("hareng", "haricot", "harnais", "hasard", "hausse", "haut", "haute", "hautes", "hauteur"),
        *("hauts", "havre", "haye", "hérisson", "héron", "héros", "hêtre", "hiérarchie", "hip"),
        *("hockey", "hollande", "homard", "hongrie", "honte", "hors", "houille", "huche", "huit"),
        *("hulotte", "hutte"),
    }
)
# Vowels before which nothing is cut: « de onze », « du oui », « du yoga ».
UNCUT = re.compile(r"(onz|oui|ouistiti|uhlan|ululer|un\b(?=\s*\d)|y[aeiouàâéèêëïîôöûü])")
CUTTING = "aeiouyhœæ"


def given_name(typed: str) -> str:
    """A first name as one writes it (J9): « PAUL » → « Paul », « jean-pierre » → « Jean-Pierre ».

    A name with both cases was written by somebody who knows: it is left alone.
    """
    name = " ".join(typed.split())
    if not name or (name != name.upper() and name != name.lower()):
        return name
    return WORD.sub(lambda word: word[0][:1].upper() + word[0][1:].lower(), name)


def greeting(first_name: str) -> str:
    """« Bonjour Paul, »; « Bonjour, » to whom gave no first name (J9)."""
    name = given_name(first_name)
    if not any(c.isalpha() for c in name):
        return _("Bonjour,")
    return _("Bonjour {name},").format(name=name)


def letter_greeting(honorific: str, last_name: str) -> str:
    """« Madame Tremblay, », « Monsieur Tremblay, »; « Madame, Monsieur, » when the person did not
    say: a civility is never guessed (J9)."""
    known = HONORIFICS.get(folded(honorific).rstrip("."), "")
    name = given_name(last_name)
    return f"{known} {name}," if known and name else _("Madame, Monsieur,")


HONORIFICS = {
    **dict.fromkeys(("madame", "mme"), "Madame"),
    **dict.fromkeys(("monsieur", "m", "mr"), "Monsieur"),
}


def de(text: str) -> str:
    """« d’Amnistie », « de la Ligue », « du Secours », « des Amis », « de l’Arche » (J10)."""
    article, rest = _parted(text)
    if article == "le":
        return f"du {rest}"
    if article == "les":
        return f"des {rest}"
    if article:
        return f"de {_with(article, rest)}"
    return f"d’{text}" if _is_cut(text) else f"de {text}"


def que(text: str) -> str:
    """« qu’Amnistie », « que la Ligue », « que le Secours » (J10)."""
    article, rest = _parted(text)
    if article:
        return f"que {_with(article, rest)}"
    return f"qu’{text}" if _is_cut(text) else f"que {text}"


def _parted(text: str) -> tuple[str, str]:
    """The article that opens a name, small, and what follows it."""
    found = ARTICLE.match(text)
    if found is None or found.end() == len(text):
        return "", text
    return (found[1] or "l").lower(), text[found.end() :]


def _with(article: str, rest: str) -> str:
    return f"l’{rest}" if article == "l" else f"{article} {rest}"


def _is_cut(text: str) -> bool:
    """Whether « de » loses its e before this text. Nothing is cut before a figure or a quote."""
    word = text[:20].lower()
    first = folded(word[:1])[:1]
    if not word or first not in CUTTING or UNCUT.match(word):
        return False
    opening = re.match(r"[^\W\d_]+", word)
    return not (first == "h" and opening is not None and opening[0] in BREATHED)
