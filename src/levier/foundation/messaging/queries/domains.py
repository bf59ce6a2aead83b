"""What the servers of each domain answer, for the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.enums import DomainOutcome
from levier.foundation.messaging.models.route import DomainPace
from levier.foundation.messaging.models.tally import DomainTally

DAYS = 30
SMALL = 20  # mails below which a share says nothing
# Gmail and Yahoo ask for less than one complaint in a thousand; more than three and they refuse.
COMPLAINTS, TOO_MANY_COMPLAINTS = 0.001, 0.003
BOUNCES = 0.05


@dataclass(frozen=True, kw_only=True)
class DomainFigures:
    """A domain over thirty days. The parts are counts of mails, a deferral counting each time."""

    domain: str
    handed: int = 0
    deferred: int = 0
    bounced: int = 0
    refused: int = 0
    policy: int = 0
    unknown: int = 0
    complained: int = 0
    words: str = ""  # the last that was not a yes
    slowed: bool = False

    @property
    def tried(self) -> int:
        """Mails the domain gave an answer to for good."""
        return self.handed + self.bounced + self.refused + self.policy + self.unknown

    @property
    def rejected(self) -> int:
        """Refused for what was sent, or for who sends."""
        return self.refused + self.policy

    @property
    def trouble(self) -> str:
        """What is wrong there, the worst first; empty when all is well or too few were sent."""
        if self.policy:
            return "policy"
        if self.tried < SMALL:
            return "slowed" if self.slowed else ""
        if self.complained / self.tried > TOO_MANY_COMPLAINTS:
            return "complaints"
        if self.bounced / self.tried > BOUNCES:
            return "bounces"
        if self.complained / self.tried > COMPLAINTS:
            return "complaints"
        return "slowed" if self.slowed else ""


def domains_of(organisation: Organisation, *, today: date) -> list[DomainFigures]:
    """The last thirty days by domain, the most written to first. One row a day, domain and
    outcome, whatever the number of mails."""
    rows = DomainTally.objects.filter(
        organisation=organisation, day__gt=today - timedelta(days=DAYS)
    ).order_by("last_at")
    by_domain: dict[str, list[DomainTally]] = {}
    for row in rows:
        by_domain.setdefault(row.domain, []).append(row)
    slow = set(
        DomainPace.objects.filter(domain__in=by_domain, refusals__gt=0).values_list(
            "domain", flat=True
        )
    )
    found = [_figures(domain, told, domain in slow) for domain, told in by_domain.items()]
    return sorted(found, key=lambda one: (-one.tried, one.domain))


def _figures(domain: str, rows: Iterable[DomainTally], slowed: bool) -> DomainFigures:
    parts = {outcome.value: 0 for outcome in DomainOutcome}
    words = ""
    for row in rows:
        parts[row.outcome] += row.n
        if row.outcome != DomainOutcome.HANDED:
            words = row.last_reply or words
    return DomainFigures(domain=domain, words=words, slowed=slowed, **parts)
