"""What came back on paper, and what is still out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from levier.foundation.people.enums import NOT_THEIRS
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.queries.timeline import cards_of
from levier.gathering.petitions.enums import PUBLIC
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.choices import in_force
from levier.gathering.petitions.rules.phases import finished_on, is_finished
from levier.gathering.signing.models.paper import PaperLine, PaperRun, PaperSheet

MONTH = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class PaperFigures:
    """All that came back, line by line."""

    sheets: int
    lines: int
    counted: int
    already_online: int
    twice: int


def takes_paper(petition: Petition, *, now: datetime) -> bool:
    """Whether sheets are still entered: since it was published, until names are erased (P63).
    Those of a closed petition still come back by post. Wants the campaign at hand."""
    if petition.state not in PUBLIC:
        return False
    over = finished_on(petition)
    kept = MONTH * in_force(petition, "retention_months")
    return not (is_finished(petition, now=now) and over is not None and over + kept <= now)


def next_sheet(petition: int) -> int:
    """The first number that is on no sheet, printed or entered, nor below one that is."""
    printed = PaperRun.objects.filter(petition=petition).aggregate(n=Max("last"))["n"] or 0
    entered = PaperSheet.objects.filter(petition=petition).aggregate(n=Max("number"))["n"] or 0
    return max(printed, entered) + 1


def sheets_of(petition: Petition) -> QuerySet[PaperSheet]:
    """Sheets entered, the latest first."""
    found = PaperSheet.objects.filter(petition=petition).select_related("entered_by")
    return found.order_by("-entered_at", "-pk")


def lines_of(sheet: PaperSheet) -> QuerySet[PaperLine]:
    """The lines of a sheet, from top to bottom, each with the signature that counts instead."""
    return PaperLine.objects.filter(sheet=sheet).select_related("signature").order_by("position")


def last_position(sheet: PaperSheet) -> int:
    """Where the last line of a sheet is; 0 when it has none."""
    lines = PaperLine.objects.filter(sheet=sheet)
    last: int = lines.aggregate(n=Max("position"))["n"] or 0
    return last


def runs_of(petition: Petition) -> QuerySet[PaperRun]:
    """Sheets printed, the latest first; `back` is how many of them were entered."""
    back = (
        PaperSheet.objects.filter(
            petition=OuterRef("petition"),
            number__gte=OuterRef("first"),
            number__lte=OuterRef("last"),
        )
        .order_by()
        .values("petition")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        PaperRun.objects.filter(petition=petition)
        .select_related("printed_by", "version")
        .annotate(
            back=Coalesce(Subquery(back, output_field=IntegerField()), 0),
            sheets=F("last") - F("first") + 1,
        )
        .order_by("-first")
    )


def paper_figures(petition: Petition) -> PaperFigures:
    """The figures of all sheets together."""
    totals = PaperSheet.objects.filter(petition=petition).aggregate(
        sheets=Count("pk"),
        **{
            name: Coalesce(Sum(name), 0) for name in ("lines", "counted", "already_online", "twice")
        },
    )
    return PaperFigures(**totals)


def paper_lines_of(person: Person) -> QuerySet[PaperLine]:
    """Lines that are a person's: they agreed on it, or an address of theirs is written there."""
    cards = cards_of(person)
    own = ContactPoint.objects.filter(person__in=cards).exclude(state__in=NOT_THEIRS)
    addresses = own.exclude(canonical="").values("canonical")
    organisation = person.organisation_id
    lines = PaperLine.objects.filter(petition__campaign__organisation=organisation)
    by_address = lines.filter(canonical__in=addresses).values("pk")
    by_consent = lines.filter(person__in=cards).values("pk")
    return (
        PaperLine.objects.filter(pk__in=by_address.union(by_consent))
        .select_related("sheet__version", "petition")
        .order_by("pk")
    )
