"""The count as the public reads it: figures, words, the bar and its milestones (P36, P39)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levier.foundation.common.typography import number
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.goals import next_goal
from levier.gathering.signing.models.tally import Tally

FEW = 10  # under this many, readers are invited to be among the first


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A milestone along the bar; `at` is a percentage of the goal."""

    at: int
    value: int


@dataclass(frozen=True, kw_only=True)
class Thermometer:
    """What a petition's count shows."""

    total: int  # counted + paper
    confirmed: int
    paper: int
    goal: int

    @property
    def missing(self) -> int:
        """How many signatures the goal still needs."""
        return max(self.goal - self.total, 0)

    @property
    def percent(self) -> int:
        """Rounded down: 100 only when reached (P39)."""
        return min(self.total * 100 // self.goal, 100)

    @property
    def few(self) -> bool:
        return self.total < FEW

    @property
    def ticks(self) -> list[Tick]:
        """The quarters of the goal that are whole numbers, and the goal itself."""
        return [
            Tick(at=at, value=self.goal * at // 100)
            for at in (25, 50, 100)
            if self.goal * at % 100 == 0
        ]

    @property
    def words(self) -> str:
        """« signatures, dont 38 120 confirmées et 312 sur papier » (P14, P36)."""
        signatures = ngettext("signature", "signatures", self.total)
        return f"{signatures}, {self.parts}" if self.parts else signatures

    @property
    def parts(self) -> str:
        """Parts of the total, named when not zero; « toutes confirmées » when they are."""
        if self.confirmed and self.confirmed == self.total:
            return ngettext("confirmée", "toutes confirmées", self.total)
        parts = []
        if self.confirmed:
            confirmed = ngettext("%(n)s confirmée", "%(n)s confirmées", self.confirmed)
            parts.append(confirmed % {"n": number(self.confirmed)})
        if self.paper:
            parts.append(_("%(n)s sur papier") % {"n": number(self.paper)})
        return _("dont %(parts)s") % {"parts": _(" et ").join(parts)} if parts else ""

    @property
    def label(self) -> str:
        """The bar, for who does not see it."""
        return _("Signatures : %(total)s sur %(goal)s") % {
            "total": number(self.total),
            "goal": number(self.goal),
        }


def thermometer_of(petition: Petition, tally: Tally) -> Thermometer:
    """The thermometer of a petition, from its tally."""
    total = tally.counted + tally.paper
    return Thermometer(
        total=total,
        confirmed=tally.confirmed,
        paper=tally.paper,
        goal=next_goal(total, petition.fixed_goal),
    )
