"""Whether a demand can be checked one day (P2): who decides, a verb, a result, a date.

A reader's guess, in French, over words; it advises and never blocks.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

NUMBER_WORDS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|cent|mille"
)
MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
DECIDERS = """
    m\\. mm\\. mme mmes monsieur madame messieurs mesdames maires? mairie adjointe?s? ministres?
    ministère préfet préfète préfecture députée?s? sénateurs? sénatrices? élue?s?
    président(?:e|s|es)? conseil(?:lers?|lères?)? gouvernement parlement assemblée sénat
    commission commune ville métropole agglomération département région état parquet
    procureure?s? tribunal juges? recteur rectrice rectorat académie directeurs? directrices?
    direction entreprise société groupe bailleur syndicat agence hôpital université fédération
    autorités? bourgmestre échevine?s? union
"""
DATES = (
    r"\b(?:(?:19|20)\d\d|\d{1,2}/\d{1,2}|" + MONTHS + r"|d[’']ici|au plus tard|"
    r"avant (?:la|le|l[’']|les|fin|mi-)|dans les? \w+ (?:jours?|semaines?|mois|ans?)|"
    r"(?:jours?|semaines?|mois) prochaine?s?|rentrée|printemps|été|automne|hiver|trimestre|"
    r"semestre|prochaine? (?:conseil|budget|séance|session|année|vote)|immédiatement|"
    r"sans délai)(?!\w)"
)
# Words that end like an infinitive and are none.
NOT_VERBS = """
    maire premier dernier papier quartier métier danger avenir plaisir désir loisir pouvoir
    devoir espoir soir miroir notre votre autre libre contre entre centre mètre titre ministre
    hiver janvier février chantier dossier courrier atelier particulier entier fier cher mer fer
    scolaire solaire nucléaire salaire horaire solidaire contraire ordinaire nécessaire frère
    mère père terre guerre lettre nombre ordre membre cadre chambre arbre septembre octobre
    novembre décembre heure encore genre cuir hier amer enfer propre sucre livre œuvre pauvre
    être ouvrier policier régulier familier
"""
IMPERATIVE = r"\b(?!chez\b|assez\b|nez\b|rez\b)[\w’'-]{2,}ez\b"
INFINITIVE = r"\b[a-zàâçéèêëîïôûùœ’'-]*[a-zàâçéèêëîïôûùœ](?:er|ir|oir|re)\b"
# « Que la Ville plante vingt arbres »: a wish always has its verb.
WISH = r"^\W*(?:que\s+|qu[’'])\w+(?:\s+\S+){2,}"
FULL_NAME = (
    r"\b(?!(?:Que|Le|La|Les|Un|Une|Des|Pour|Nous|De|Du|Ne|Il|Elle|Chère?|Ce|Cette|Si|Notre)\b)"
    r"[A-ZÀ-Ý][a-zà-ÿ]+ [A-ZÀ-Ý][a-zà-ÿ]{2,}\b"
)
# How the verbs and nouns of a result one can see begin.
RESULTS = """
    abandonn abrog accord achet adopt aménag annul arrêt attribu augment autoris baiss clô
    construi créer débloqu décret dépos dédommag dissou distribu doubl embauch expuls ferm
    financ fix gratuit inaugur indemnis inscri install instaur interdi lanc libér limit livr
    maint nomm organis ouvr pay pos(?:er|ent|e)(?!\\w) plant plafonn prolong promulgu protég publi
    ratifi recrut reconn
    rédui refus relog remplac rénov restaur restitu rembours renonc rétabl retir réouv rouvr
    sign supprim suspend transform vers[eé] vot
"""


class Missing(StrEnum):
    """What a demand does not say yet."""

    WHO = "who"
    VERB = "verb"
    RESULT = "result"
    DATE = "date"


def concreteness(ask: str, *, deciders: Iterable[str] = ()) -> tuple[Missing, ...]:
    """What is missing, in the order of the sentence; nothing for a demand one can check.

    `deciders` are names known to be somebody's, such as the addressee's family name.
    """
    words = ask.lower()
    found = {
        Missing.WHO: _names_somebody(ask, words, deciders),
        Missing.VERB: _has_verb(words),
        Missing.RESULT: bool(
            _says(words, RESULTS) or re.search(rf"\d|\b(?:{NUMBER_WORDS})\b", _undated(words))
        ),
        Missing.DATE: bool(re.search(DATES, words)),
    }
    return tuple(missing for missing, said in found.items() if not said)


def _names_somebody(ask: str, words: str, deciders: Iterable[str]) -> bool:
    known = any(name and name.lower() in words for name in deciders)
    return known or _says(words, DECIDERS, end=r"(?!\w)") or _has_full_name(ask)


def _has_full_name(ask: str) -> bool:
    return re.search(FULL_NAME, ask) is not None


def _has_verb(words: str) -> bool:
    infinitives = set(re.findall(INFINITIVE, words)) - set(NOT_VERBS.split())
    return bool(infinitives or re.search(IMPERATIVE, words) or re.search(WISH, words))


def _undated(words: str) -> str:
    """The words without their dates, so that « avant 2027 » is not taken for a measure."""
    return re.sub(DATES, " ", words)


def _says(words: str, patterns: str, *, end: str = "") -> bool:
    return re.search(rf"(?<!\w)(?:{'|'.join(patterns.split())}){end}", words) is not None
