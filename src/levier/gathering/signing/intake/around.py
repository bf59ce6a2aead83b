"""What surrounds a petition on the signing path: switches, sites and partners. Read with it, once
a second: an ordinary signature asks for nothing more."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from levier.gathering.petitions.enums import SwitchKind
from levier.gathering.petitions.rules.sites import is_allowed

# One column of place.FIND. A petition's own sentence goes before the site's.
AROUND = """
json_build_object(
    'switches', (
        SELECT json_object_agg(kind, sentence) FROM (
            SELECT DISTINCT ON (kind) kind, sentence FROM levier_switch
            WHERE petition_id IS NULL OR petition_id = petition.id ORDER BY kind, petition_id
        ) AS thrown
    ),
    'sites', (SELECT json_agg(origin) FROM levier_embedsite WHERE petition_id = petition.id),
    'partners', (
        SELECT json_agg(json_build_array(slug, id, sentence, sites)) FROM levier_partner
        WHERE petition_id = petition.id AND ended_at IS NULL
    )
)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownPartner:
    """A partner whose list somebody may join while signing."""

    id: int
    sentence: str
    sites: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """Everything is empty most of the time."""

    stopped: str = ""  # the public sentence: no signature is taken
    comments: str = ""  # the public sentence: no comment is taken
    asks_proof: bool = False  # « captcha pour tous »
    holds: bool = False  # « retenir les nouvelles signatures »
    sites: Collection[str] = ()  # origins that may show the form; none: all
    partners: Mapping[str, KnownPartner] = field(default_factory=dict)

    def partner(self, slug: object) -> KnownPartner | None:
        """The partner a form names, if it is one of this petition's."""
        return self.partners.get(slug) if isinstance(slug, str) else None

    def welcomes(self, site: str, partner: KnownPartner | None) -> bool:
        """Whether a site may show the form: a partner's own list, else the petition's (P60)."""
        return is_allowed(site, (partner.sites if partner else ()) or self.sites)


CALM = Around()


def around_from(told: Mapping[str, Any]) -> Around:
    """What the column says."""
    switches = told["switches"] or {}
    return Around(
        stopped=switches.get(SwitchKind.SIGNATURES, ""),
        comments=switches.get(SwitchKind.COMMENTS, ""),
        asks_proof=SwitchKind.CAPTCHA in switches,
        holds=SwitchKind.HOLD in switches,
        sites=tuple(told["sites"] or ()),
        partners={
            slug: KnownPartner(id=pk, sentence=sentence, sites=tuple(sites or ()))
            for slug, pk, sentence, sites in told["partners"] or ()
        },
    )
