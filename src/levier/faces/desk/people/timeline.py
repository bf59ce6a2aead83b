"""What happened, told in French: one sentence for each activity."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import User
from levier.foundation.common.typography import french_spaces, number
from levier.foundation.people.enums import ActivityKind, Channel, Purpose
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent
from levier.gathering.petitions.models.petition import Version
from levier.gathering.petitions.queries import titles_of_scopes
from levier.gathering.petitions.rules.consents import what_is_received
from levier.gathering.signing.models.signature import Signature

_SUBJECT = re.compile(r"(\w+):(\d+)")
_ABOUT_SIGNATURE = {
    ActivityKind.SIGNED: lambda: _("A signé « %(title)s »."),
    ActivityKind.SIGNED_AGAIN: lambda: _(
        "A signé de nouveau « %(title)s »\u00a0: rien n’a changé."
    ),
    ActivityKind.CONFIRMED: lambda: _("A confirmé sa signature de « %(title)s »."),
    ActivityKind.WITHDREW: lambda: _("A retiré sa signature de « %(title)s »."),
    ActivityKind.DISOWNED: lambda: _("A dit ne pas avoir signé « %(title)s »."),
    ActivityKind.HELD: lambda: _("Sa signature de « %(title)s » est à vérifier."),
    ActivityKind.RELEASED: lambda: _("Sa signature de « %(title)s » a été vérifiée et comptée."),
    ActivityKind.REJECTED: lambda: _("Sa signature de « %(title)s » a été écartée."),
    ActivityKind.CORRECTED: lambda: _("A corrigé ce qui était écrit sous « %(title)s »."),
    ActivityKind.READDRESSED: lambda: _(
        "A corrigé son adresse juste après avoir signé « %(title)s »."
    ),
    ActivityKind.COMMENTED: lambda: _("A dit pourquoi signer « %(title)s »."),
}
_ALONE = {
    ActivityKind.LINK_ASKED: lambda: _("A demandé le lien de sa page « Mes signatures »."),
    ActivityKind.ADDRESS_ASKED: lambda: _("A demandé à changer d’adresse."),
    ActivityKind.ADDRESS_CHANGED: lambda: _("A changé d’adresse."),
    ActivityKind.BOUNCED: lambda: _("Un courriel n’a pas pu lui être remis."),
    ActivityKind.EXPORTED: lambda: _("Ses données ont été téléchargées."),
    ActivityKind.CORRECTED: lambda: _("Sa fiche a été corrigée."),
    ActivityKind.PHONE_ADDED: lambda: _("Un numéro de téléphone a été ajouté."),
    ActivityKind.MERGED: lambda: _("Deux fiches ont été fusionnées."),
    ActivityKind.PARTED: lambda: _("Une fusion de fiches a été défaite."),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One line of the timeline."""

    at: datetime
    sentence: str
    words: str  # the exact words agreed to, or nothing
    by: str  # who of the team did it, or nothing


class Scoped(Protocol):
    """An agreement, or the state of one."""

    @property
    def scope(self) -> str: ...


Said = TypeVar("Said", bound=Scoped)


def with_titles(agreements: Iterable[Said]) -> list[tuple[Said, str]]:
    """Each with the title of the petition it is about, if it is about one."""
    rows = list(agreements)
    titles = titles_of_scopes(said.scope for said in rows)
    return [(said, titles.get(said.scope, "")) for said in rows]


def told(activities: Iterable[Activity]) -> list[Told]:
    """The sentences of a page of activities: four statements, whatever their number."""
    rows = list(activities)
    about = titles_of_scopes(str(_data(row).get("scope", "")) for row in rows)
    titles = _titles(_ids(rows, "signature"))
    consents = Consent.objects.in_bulk(_ids(rows, "consent"))
    users = User.objects.in_bulk(
        {by for row in rows if isinstance(by := _data(row).get("by"), int)}
    )
    return [
        Told(
            at=row.at,
            sentence=_sentence(row, titles, about.get(_data(row).get("scope", ""), "")),
            words=_words(row, consents),
            by=str(users.get(_data(row).get("by", 0), "")),
        )
        for row in rows
    ]


def _sentence(row: Activity, titles: Mapping[int, tuple[str, int | None]], about: str) -> str:
    if row.kind == ActivityKind.CONSENT_CHANGED:
        return _agreement(row, about)
    if row.kind == ActivityKind.UNSUBSCRIBED:
        return _unsubscribed(row, about)
    if row.kind in {ActivityKind.TAGGED, ActivityKind.UNTAGGED}:
        tag = {"tag": _data(row).get("tag", "")}
        if row.kind == ActivityKind.TAGGED:
            return _("Étiquette ajoutée\u00a0: « %(tag)s ».") % tag
        return _("Étiquette retirée\u00a0: « %(tag)s ».") % tag
    if row.kind in _ABOUT_SIGNATURE and (found := titles.get(_pk(row, "signature"))):
        title, nth = found
        said = _ABOUT_SIGNATURE[ActivityKind(row.kind)]() % {"title": title}
        if nth and row.kind == ActivityKind.SIGNED:
            said = f"{said} {_('Numéro')} {number(nth)}."
        return said
    if row.kind in _ALONE:
        return _ALONE[ActivityKind(row.kind)]()
    label = dict(ActivityKind.choices).get(row.kind, row.kind)
    return f"{str(label)[:1].upper()}{str(label)[1:]}."


def _agreement(row: Activity, about: str) -> str:
    data = _data(row)
    purpose = data.get("purpose", "")
    what = {
        "channel": dict(Channel.choices).get(data.get("channel", ""), ""),
        "purpose": what_is_received(purpose, about) if purpose in Purpose.values else "",
    }
    if data.get("given"):
        return _("Accord donné (%(channel)s, %(purpose)s).") % what
    return _("Accord retiré (%(channel)s, %(purpose)s).") % what


def _unsubscribed(row: Activity, about: str) -> str:
    if _data(row).get("everything"):
        return _("Ne veut plus rien recevoir.")
    if about:
        return _("S’est désabonné·e des nouvelles de « %(title)s ».") % {"title": about}
    return _("S’est désabonné·e.")


def _words(row: Activity, consents: Mapping[int, Consent]) -> str:
    said = consents.get(_pk(row, "consent"))
    return said.wording if said else ""


def _titles(ids: set[int]) -> dict[int, tuple[str, int | None]]:
    latest = Version.objects.filter(petition=OuterRef("petition")).order_by("-n").values("title")
    rows = Signature.objects.filter(pk__in=ids).annotate(title=Subquery(latest[:1]))
    found = rows.values_list("pk", "title", "number")
    return {pk: (french_spaces(title), nth) for pk, title, nth in found}


def _ids(rows: Iterable[Activity], kind: str) -> set[int]:
    return {pk for row in rows if (pk := _pk(row, kind))}


def _pk(row: Activity, kind: str) -> int:
    found = _SUBJECT.match(row.subject)
    return int(found[2]) if found and found[1] == kind else 0


def _data(row: Activity) -> dict[str, Any]:
    return row.data if isinstance(row.data, dict) else {}
