"""How many signatures each day brought, whatever their number."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.journals import DayTally


@dataclass(frozen=True, kw_only=True)
class Days:
    """The signatures that count, by day; days are the organisation's."""

    counts: list[tuple[date, int]]
    # What the journal has not counted in yet, a second's worth when the worker works: it is in the
    # counts, as today's. Negative when more have left than come.
    late: int


def days_of(petition: Petition, *, counted: int, today: date) -> Days:
    """From the first day to the last with any; they always add up to `counted`, which the tally
    says. One statement over as many rows as there are days."""
    rows = DayTally.objects.filter(petition=petition, counted__gt=0).values_list("day")
    counts = {day: int(n) for day, n in rows.annotate(n=Sum("counted")).order_by("day")}
    late = counted - sum(counts.values())
    if late:
        counts[today] = counts.get(today, 0) + late
    return Days(counts=sorted(counts.items()), late=late)
