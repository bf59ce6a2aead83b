"""What the columns of other platforms' files mean, guessed from their titles and their cells."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

IGNORED = ""
TAGS = "tags"
# Targets that several columns may share.
SHARED = frozenset({TAGS})

#: What a column of people may be. The order is that of the list on screen.
PERSON_TARGETS: dict[str, str | Promise] = {
    "email": _("courriel"),
    "first_name": _("prénom"),
    "last_name": _("nom"),
    "full_name": _("prénom et nom ensemble"),
    "postcode": _("code postal"),
    "country": _("pays"),
    "phone": _("téléphone"),
}
CONSENT_TARGETS: dict[str, str | Promise] = {
    "consent_updates": _("accord : nouvelles de la pétition"),
    "consent_org_news": _("accord : autres façons d’agir"),
    "consent_phone": _("accord : être appelé·e"),
    "consent_post": _("accord : recevoir du courrier"),
    "consent_at": _("date de l’accord"),
}
SUPPORTER_TARGETS: dict[str, str | Promise] = {
    **PERSON_TARGETS,
    "honorific": _("civilité"),
    "language": _("langue"),
    TAGS: _("étiquettes"),
    **{name: said for name, said in CONSENT_TARGETS.items() if name != "consent_updates"},
}

# Titles as `title_key` gives them. Change.org, Avaaz, MoveOn and ControlShift, MesOpinions, WeSign,
# Action Network, Google Forms, Mailchimp and Brevo, spreadsheets of associations.
TITLES: dict[str, tuple[str, ...]] = {
    "email": (
        "email", "e mail", "mail", "courriel", "adresse email", "adresse e mail", "adresse mail",
        "adresse electronique", "adresse courriel", "email address", "e mail address",
        "adresse de courriel", "adresse de messagerie", "votre email", "votre adresse e mail",
        "email signataire", "mel", "adresse electronique signataire",
    ),
    "first_name": (
        "prenom", "first name", "firstname", "given name", "prenoms", "votre prenom", "prenom s",
        "fname", "first", "can2 first name",
    ),
    "last_name": (
        "nom", "last name", "lastname", "surname", "family name", "nom de famille", "votre nom",
        "lname", "last", "can2 last name",
    ),
    "full_name": (
        "name", "full name", "fullname", "nom complet", "nom et prenom", "prenom et nom",
        "prenom nom", "nom prenom", "nom prenoms", "signataire", "identite", "supporter name",
        "nom et prenoms", "votre nom complet", "display name",
    ),
    "postcode": (
        "code postal", "postcode", "postal code", "zip", "zip code", "zipcode", "cp", "npa",
        "codepostal", "zip postal code", "can2 zip code", "votre code postal", "code postal ville",
    ),
    "country": (
        "pays", "country", "country code", "code pays", "pays de residence", "can2 country",
    ),
    "phone": (
        "telephone", "phone", "phone number", "numero de telephone", "tel", "mobile", "portable",
        "telephone portable", "cell phone", "mobile phone", "tel portable", "can2 phone",
        "gsm", "sms", "mobile number", "home phone",
    ),
    "signed_at": (
        "date", "date de signature", "signed on", "signed at", "date signed", "created at",
        "signature date", "horodateur", "timestamp", "date de creation", "signee le", "signe le",
        "date signature", "submitted at", "submission date", "timestamp est", "date inscription",
        "date d inscription", "date et heure", "cree le", "created date", "subscribed at",
        "action date", "can2 created at", "date heure", "added time", "created",
    ),
    "confirmed": (
        "confirmee", "confirme", "confirmed", "confirmed at", "email confirmed", "verified",
        "validee", "valide", "email verifie", "confirmee le", "date de confirmation", "validated",
        "email verified", "confirmation date", "verifiee", "confirm time",
    ),
    "show_name": (
        "accepte que son nom paraisse", "afficher mon nom", "display name publicly", "public",
        "show name", "is public", "nom public", "signature publique", "affichage du nom",
    ),
    "comment": (
        "commentaire", "commentaires", "comment", "comments", "votre commentaire", "message",
        "pourquoi je signe", "pourquoi signez vous", "raison", "raisons", "temoignage", "avis",
        "reason", "reasons", "reason for signing", "why are you signing", "signature comment",
        "votre message", "mot", "remarque", "remarques", "can2 comments",
    ),
    "for_dossier": (
        "commentaire pour le dossier", "accord dossier", "peut servir au dossier",
    ),
    "for_press": (
        "commentaire pour la presse", "accord presse", "peut etre cite",
        "peut etre cite dans la presse",
    ),
    "consent_updates": (
        "optin", "opt in", "newsletter", "email opt in", "email opt in type", "join organisation",
        "abonne", "subscribed", "can2 subscription status", "inscription newsletter",
        "accepte de recevoir des nouvelles", "consentement", "consentement email", "rgpd",
        "recevoir des nouvelles", "updates opt in", "consent", "email consent", "subscription",
    ),
    "consent_phone": (
        "phone opt in", "consentement telephone", "accepte d etre appele", "sms optin",
    ),
    "consent_post": ("consentement courrier", "mail opt in"),
    "consent_at": ("date du consentement", "consent date", "optin time", "opt in date"),
    "honorific": ("civilite", "titre", "title", "salutation", "prefix", "genre"),
    "language": ("langue", "language", "locale", "lang"),
    TAGS: (
        "etiquettes", "tags", "tag", "mots cles", "groupes", "can2 user tags", "labels", "groupe",
    ),
}  # fmt: skip
MEANINGS = {title: target for target, titles in TITLES.items() for title in titles}
MOSTLY = 0.8  # of the cells of a column


def guess(columns: Sequence[Mapping[str, Any]], targets: Iterable[str]) -> list[str]:
    """A target for each column, "" for none; no target twice, but tags. `columns` are those of a
    FileImport's reading."""
    known = set(targets)
    found = [_meant(column, known) for column in columns]
    if "email" not in found:
        addresses = [n for n, column in enumerate(columns) if _holds_addresses(column)]
        if addresses:
            found[addresses[0]] = "email"
    seen: set[str] = set()
    for n, target in enumerate(found):
        if target in seen and target not in SHARED:
            found[n] = IGNORED
        seen.add(target)
    if "full_name" in seen and {"first_name", "last_name"} <= seen:
        found[found.index("full_name")] = IGNORED
    return found


def _meant(column: Mapping[str, Any], known: set[str]) -> str:
    target = MEANINGS.get(column["key"], IGNORED)
    if target == "consent_updates" and target not in known:
        target = "consent_org_news"
    if target == "email" and column["filled"] and not column["addresses"]:
        return IGNORED
    return target if target in known else IGNORED


def _holds_addresses(column: Mapping[str, Any]) -> bool:
    return bool(column["filled"]) and column["addresses"] >= MOSTLY * column["filled"]


def day_first(columns: Sequence[Mapping[str, Any]], mapped: Sequence[str]) -> bool:
    """Whether dates have their day first, as far as the cells tell; so they do in French."""
    dates = [c for c, target in zip(columns, mapped, strict=True) if target == "signed_at"]
    return not any(c["months_first"] > c["days_first"] for c in dates)
