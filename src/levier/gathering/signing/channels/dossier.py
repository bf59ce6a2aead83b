"""The list of signatures on paper, for who decides. Never kept: it holds names."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levier.foundation.common.pdf import breakable, qr_code, said, typeset_alone
from levier.foundation.common.typography import day, number
from levier.foundation.messaging.rules.addresses import petition_link
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.dossier import List, Names, Row, Volume
from levier.gathering.signing.queries.organisations import organisations_behind


def set_volume(
    petition: Petition,
    version: Version,
    slug: str,
    volume: Volume,
    rows: list[Row],
    names: Names,
    *,
    now: datetime,
) -> bytes:
    """The PDF of one volume."""
    tally = Tally.objects.get(petition=petition)
    address = petition_link(slug)
    data: dict[str, Any] = {
        "title": said(version.title),
        "ask": said(version.ask),
        "addressee": addressee_of(petition).in_full,
        "organisation": petition.campaign.organisation.legal_name,
        "address": address,
        "qr": qr_code(address),
        "rows": [[number(row.number), breakable(row.name), row.area] for row in rows],
        "labels": _labels(volume, tally, now),
        "organisations": organisations_told(petition) if volume.nth == 1 else [],
        "columns": [_heading(volume), _("Nom") if names != Names.NONE else "", _("Département")],
        "notice": _(
            "Ces signatures ont été confiées à l’organisation pour cette seule demande. Ne les "
            "recopiez pas, ne les publiez pas : signer peut dire une opinion, que la loi protège."
        ),
    }
    return typeset_alone("dossier.typ", data)


def organisations_told(petition: Petition) -> list[str]:
    """Those that stand behind the demand, told once, before the names: never part of the count.

    A sentence, then their names; nothing when there is none."""
    names = [breakable(one.name) for one in organisations_behind(petition)]
    if not names:
        return []
    told = ngettext(
        "%(n)s organisation le demande aussi\u00a0:",
        "%(n)s organisations le demandent aussi\u00a0:",
        len(names),
    ) % {"n": number(len(names))}
    return [told, *names]


def _heading(volume: Volume) -> str:
    return _("N°") if volume.of == List.ONLINE else _("Feuille")


def _labels(volume: Volume, tally: Tally, now: datetime) -> dict[str, str]:
    total = tally.counted + tally.paper
    words = {
        "n": number(total),
        "online": number(tally.counted),
        "paper": number(tally.paper),
        "nth": volume.nth,
        "volumes": volume.volumes,
        "first": number(volume.first),
        "last": number(volume.last),
        "day": day(now),
    }
    in_all = ngettext("%(n)s signature", "%(n)s signatures", total) % words
    parts = _("%(online)s en ligne, %(paper)s sur papier") % words if tally.paper else ""
    if volume.of == List.ONLINE:
        listed = _("Signatures en ligne, du n° %(first)s au n° %(last)s") % words
    else:
        listed = _("Signatures sur papier, par feuille, lignes %(first)s à %(last)s") % words
    if volume.volumes > 1:
        listed = _("%(listed)s. Volume %(nth)s sur %(volumes)s") % {"listed": listed, **words}
    return {
        "to": _("À l’attention de"),
        "total": in_all,
        "parts": parts,
        "listed": listed,
        "as_of": _("Liste arrêtée le %(day)s") % words,
        "page": _("page"),
    }
