"""People who do not exist, to see a mail as each would read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.errors import MissingVariable
from levier.foundation.messaging.mails.compiled import Compiled, Rendered

MOST = 60  # names that a template may ask for


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One reader, and why to look through their eyes."""

    key: str
    name: Any
    why: Any
    own: Mapping[str, Any]


PEOPLE = (
    Sample(
        key="paul",
        name=_("Paul, de Valmont"),
        why=_("une signature ordinaire, qui attend sa confirmation"),
        own={"first_name": "PAUL", "number": 8_686},
    ),
    Sample(
        key="awa",
        name=_("Awa, de La Réunion"),
        why=_("déjà confirmée, sans nouvelles demandées"),
        own={
            "first_name": "awa",
            "number": 1,
            "confirm_url": None,
            "wants_updates": False,
            "share_url": None,
        },
    ),
    Sample(
        key="li",
        name=_("Li, sans prénom"),
        why=_("rien devant la virgule\u00a0: « Bonjour, »"),
        own={"first_name": "", "number": 46_443},
    ),
    Sample(
        key="marie",
        name=_("Un nom très long"),
        why=_("rien ne doit déborder, même sur un téléphone"),
        own={
            "first_name": "Marie-Antoinette-Joséphine-Emmanuelle",
            "number": 1_046_443,
            "title": (
                "Pour l’aménagement d’une piste cyclable continue et protégée rue des Lilas, "
                "de la gare jusqu’au collège Simone-Weil"
            ),
            "addressee": "Mme Marie-Françoise de La Rochefoucauld-Montbel, 3e adjointe au maire",
        },
    ),
)
BY_KEY = {one.key: one for one in PEOPLE}
_ADDRESS = "https://exemple.fr/"
SHARED: Mapping[str, Any] = {
    "title": "Une piste cyclable rue des Lilas",
    "ask": "Que la mairie inscrive une piste cyclable rue des Lilas au budget.",
    "addressee": "Mme Diallo, 3e adjointe au maire (mobilités)",
    "author": "Aïcha Benali",
    "signed_on": "16\u00a0septembre 2026",
    "withdrawn_on": "",
    "wants_updates": True,
    "news_title": "La mairie nous reçoit jeudi",
    "news": "La mairie nous reçoit jeudi",
    "paragraphs": ["Après trois lettres, un rendez-vous.", "Venez nous soutenir devant la mairie."],
    "label": "Écrire un mot",
    "instructions": "Écrivez-lui deux phrases, avec vos mots.",
    "picture": "",
    "picture_alt": "",
    "article_url": "",
    "when": "jeudi 12\u00a0novembre, 18\u00a0h",
    "place": "Place de la Mairie, Valmont",
    "new_address": "camille@exemple.fr",
    "taken": False,
    "brought": 3,
    "brought_further": 1,
}


def shown_to(sample: Sample, letter: Compiled, organisation: Organisation) -> Rendered:
    """The mail as this reader would have it: links lead nowhere, and a variable that only a real
    sending has is shown by its name."""
    values: dict[str, Any] = {
        **SHARED,
        "organisation": organisation.name,
        "legal_name": organisation.legal_name,
        "postal_address": organisation.postal_address,
        **sample.own,
    }
    for _attempt in range(MOST):
        try:
            return letter.fill(values)
        except MissingVariable as error:
            first, *rest = error.name.split(".")
            values[first] = _stand_in(first, rest)
    return Rendered(subject=letter.key, html="", text="")


def _stand_in(name: str, rest: list[str]) -> Any:
    value: Any = _ADDRESS if name.endswith("_url") else f"‹{'.'.join([name, *rest])}›"
    for key in reversed(rest):
        value = {key: value}
    return value
