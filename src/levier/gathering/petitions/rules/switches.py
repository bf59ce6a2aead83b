"""What is stopped, held or asked for a while, on the whole site or on one petition (P71)."""

from dataclasses import dataclass

from django.db.models import F, Q

from levier.gathering.petitions.enums import SwitchKind
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.switch import Switch


@dataclass(frozen=True, kw_only=True)
class Thrown:
    """The public sentence of each switch that is thrown; empty when all is as usual."""

    signatures: str = ""
    launch: str = ""
    comments: str = ""
    captcha: str = ""
    hold: str = ""


def thrown_for(petition: Petition) -> Thrown:
    """What a petition's readers must know now, the petition's own sentence before the site's."""
    return _told(Q(petition=petition) | Q(petition=None))


def thrown_on_site() -> Thrown:
    """What holds for the whole site."""
    return _told(Q(petition=None))


def thrown_switches(petition: Petition | None) -> dict[str, Switch]:
    """The rows themselves, by kind: those of one petition, or of the site."""
    rows = Switch.objects.filter(petition=petition).select_related("thrown_by")
    return {row.kind: row for row in rows}


def _told(where: Q) -> Thrown:
    own_last = Switch.objects.filter(where).order_by(F("petition").asc(nulls_first=True))
    sentences = dict(own_last.values_list("kind", "sentence"))
    return Thrown(**{kind: sentences.get(kind, "") for kind in SwitchKind.values})
