"""What the code on the other site asks of the frame: where it stands, how it looks, for whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from levier.faces.public.pages import looks_like_a_code
from levier.gathering.petitions.rules.sites import ACCENTS, GROUNDS, site_name


@dataclass(frozen=True, kw_only=True)
class Look:
    """Checked: anything else is the default."""

    site: str = ""
    accent: str = "aubergine"
    ground: str = "auto"
    ref: str = ""
    partner: str = ""

    @property
    def carried(self) -> dict[str, str]:
        """What the form sends back, so that a refused page looks the same."""
        found = {"site": self.site, "accent": self.accent, "fond": self.ground, "par": self.partner}
        return {name: value for name, value in found.items() if value}


def look_in(asked: Mapping[str, str]) -> Look:
    """The look in a query or in a posted form."""
    accent, ground, ref = (asked.get(name, "") for name in ("accent", "fond", "ref"))
    return Look(
        site=site_name(asked.get("site")),
        accent=accent if accent in ACCENTS else "aubergine",
        ground=ground if ground in GROUNDS else "auto",
        ref=ref if looks_like_a_code(ref) else "",
        partner=asked.get("par", "")[:60],
    )
