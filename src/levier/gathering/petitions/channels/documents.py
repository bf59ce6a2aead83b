"""What is printed of a petition: paper sheets, posters, flyers, its code. Set once and kept.

The public and the team print the same pages; only the team's sheets carry numbers.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Literal

import segno
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levier.foundation.common.pdf import (
    blocks_of,
    breakable,
    kept_document,
    kept_file,
    length_of,
    qr_code,
    said,
    shortened,
)
from levier.foundation.common.typography import day
from levier.foundation.messaging.rules.addresses import petition_link
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.petitions.rules.choices import terms_of
from levier.gathering.petitions.rules.consents import consent_sentences

LINES = 15
READ_ALOUD = 10  # sheets: more of them is a pile for the printer
FRONT = 480  # characters of the text that stand on the front of a sheet
BEHIND = 17_000  # and behind it
BREAKS = str.maketrans({"/": "/\u200b", "-": "-\u200b", ".": ".\u200b"})
QR_PIXELS = 24  # per module: sharp at 20 cm and 300 dots per inch

Format = Literal["a4", "a3"]


def paper_sheets(
    petition: Petition, version: Version, slug: str, numbers: Sequence[int | None] = (None,)
) -> bytes:
    """A sheet for each number; None leaves it to be written."""
    words = _sheet(petition, version, slug, list(numbers))
    return kept_document("sheet.typ", words, tagged=len(numbers) <= READ_ALOUD)


def poster(petition: Petition, version: Version, slug: str, size: Format) -> bytes:
    """One page, A4 or A3."""
    return kept_document("poster.typ", {**_common(petition, version, slug), "format": size})


def flyer(petition: Petition, version: Version, slug: str) -> bytes:
    """Four to a page."""
    return kept_document("flyer.typ", _common(petition, version, slug))


def qr_as_pdf(version: Version, slug: str) -> bytes:
    """The code alone, for a printer."""
    address = petition_link(slug)
    words = {"title": said(version.title), "qr": qr_code(address), "address": address}
    return kept_document("qr.typ", words)


def qr_as_png(slug: str) -> bytes:
    """The code alone, black on white, large."""
    address = petition_link(slug)

    def draw() -> bytes:
        out = BytesIO()
        segno.make(address, error="q", micro=False).save(out, kind="png", scale=QR_PIXELS, border=4)
        return out.getvalue()

    return kept_file("qr.png", {"address": address}, draw)


def _common(petition: Petition, version: Version, slug: str) -> dict[str, Any]:
    address = petition_link(slug)
    short = address.split("://", 1)[1].rstrip("/")
    return {
        "title": said(version.title),
        "ask": said(version.ask),
        "kicker": _kicker(petition),
        "organisation": petition.campaign.organisation.name,
        "address": address,
        "short": breakable(short.translate(BREAKS)),
        "qr": qr_code(address),
        "labels": {
            "sign": _("Signez."),
            "scan": _("Visez ce code avec votre téléphone, ou tapez :"),
        },
    }


def _kicker(petition: Petition) -> str:
    """« Pétition à Mme Khady Diallo, 3e adjointe au maire, mobilités, Ville de Valmont »."""
    addressee = addressee_of(petition)
    if addressee.name:
        return _("Pétition à %(addressee)s") % {"addressee": addressee.in_full}
    return _("Pétition adressée à\u00a0: %(addressee)s") % {"addressee": addressee.in_full}


def _sheet(
    petition: Petition, version: Version, slug: str, numbers: list[int | None]
) -> dict[str, Any]:
    text = blocks_of(version.story)
    is_long = length_of(text) > FRONT or len(text) > 3
    behind = shortened(text, BEHIND) if is_long else []
    common = _common(petition, version, slug)
    return {
        **common,
        "numbers": numbers,
        "lines": LINES,
        "front": shortened(text, FRONT),
        "behind": behind,
        "columns": [
            _("N°"),
            _("Nom"),
            _("Prénom"),
            _("Courriel"),
            _("Code postal"),
            _("Nouvelles"),
            _("Signature"),
        ],
        "consent": _("Case « Nouvelles », facultative : « %(sentence)s »")
        % {"sentence": consent_sentences(terms_of(petition))["consent_updates"]},
        "notice": _notice(petition),
        "back": _back(petition),
        "labels": {
            "sheet": _("Feuille n°"),
            "scan": _("ou signez en ligne"),
            "behind": _("Le texte entier est au dos."),
            "whole": _whole(behind, text, petition),
            "back": _("À rendre à"),
        },
    }


def _whole(behind: list[dict[str, Any]], text: list[dict[str, Any]], petition: Petition) -> str:
    published = petition.published_at
    said_on = _("Le texte de la pétition") if published is None else ""
    if published is not None:
        said_on = _("Le texte de la pétition, lancée le %(day)s") % {"day": day(published)}
    if length_of(behind) < length_of(text):
        return _("%(said)s. La fin se lit en ligne.") % {"said": said_on}
    return f"{said_on}."


def _notice(petition: Petition) -> str:
    """What the law wants said where names are asked (GDPR, art. 13), in a few lines."""
    organisation, terms = petition.campaign.organisation, terms_of(petition)
    kept = ngettext(
        "Elles sont effacées %(n)s mois après la fin de la pétition.",
        "Elles sont effacées %(n)s mois après la fin de la pétition.",
        terms.retention_months,
    )
    words = {
        "organisation": organisation.legal_name,
        "address": organisation.postal_address,
        "email": organisation.reply_email or organisation.sender_email,
        "n": terms.retention_months,
    }
    return " ".join(
        sentence % words
        for sentence in (
            _("Responsable : %(organisation)s, %(address)s."),
            _(
                "Vos données servent à compter une signature par personne et à montrer le soutien "
                "à la demande. Votre courriel n’est ni publié, ni vendu, ni transmis ; il évite "
                "de vous compter deux fois."
            ),
            kept,
            _(
                "Signer peut dire une opinion : vous donnez ces données librement, et pouvez les "
                "voir, les corriger ou les faire effacer en écrivant à %(email)s ; vous pouvez "
                "saisir la CNIL."
            ),
        )
    )


def _back(petition: Petition) -> str:
    organisation = petition.campaign.organisation
    lines = [f"{organisation.legal_name}, {organisation.postal_address}"]
    if petition.closes_at is not None:
        lines.append(_("avant le %(day)s") % {"day": day(petition.closes_at)})
    return "\n".join(lines)
