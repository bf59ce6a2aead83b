"""The count of a petition, and whether it still agrees with the rows (P41)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from levier.gathering.signing.enums import PaperLineState, SignatureState
from levier.gathering.signing.models.paper import PaperLine
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a tally holds, or what it should hold from the rows."""

    last_number: int
    counted: int
    confirmed: int
    held: int
    paper: int = 0


@dataclass(frozen=True, kw_only=True)
class Discrepancy:
    """A petition whose tally does not say what its signatures say."""

    petition: int
    told: Figures
    true: Figures


def tally_of(petition: int) -> Tally:
    """The tally row of a petition. Raises Tally.DoesNotExist for a draft never published."""
    return Tally.objects.get(petition=petition)


def tallies_of(petitions: Iterable[int]) -> dict[int, Tally]:
    """The tally rows of several petitions, by petition."""
    return Tally.objects.in_bulk(list(petitions))


def figures_of(tally: Tally) -> Figures:
    """The figures a tally shows."""
    return Figures(
        last_number=tally.last_number,
        counted=tally.counted,
        confirmed=tally.confirmed,
        held=tally.held,
        paper=tally.paper,
    )


def true_figures(petition: int) -> Figures:
    """The figures counted again from the rows. `last_number` never goes down by a withdrawal."""
    counted = Q(state=SignatureState.COUNTED)
    return Figures(
        paper=_paper_lines().filter(petition=petition).count(),
        **Signature.objects.filter(petition=petition).aggregate(
            last_number=Coalesce(Max("number"), 0),
            counted=Count("pk", filter=counted),
            confirmed=Count("pk", filter=counted & Q(confirmed_at__isnull=False)),
            held=Count("pk", filter=Q(state=SignatureState.HELD)),
        ),
    )


def discrepancies() -> list[Discrepancy]:
    """Petitions whose tally and signatures disagree: one statement, read in one snapshot.

    A last number above every row is none: numbers whose rows are gone are never given again.
    """
    return [
        Discrepancy(petition=tally.pk, told=told, true=true)
        for tally in _with_true_figures()
        if _disagree(told := figures_of(tally), true := _annotated(tally))
    ]


def _disagree(told: Figures, true: Figures) -> bool:
    last_number = max(told.last_number, true.last_number)
    return told != replace(true, last_number=last_number)


def _with_true_figures() -> QuerySet[Tally]:
    own = Signature.objects.filter(petition=OuterRef("petition")).order_by().values("petition")
    counted = Q(state=SignatureState.COUNTED)
    figures = {
        "true_last_number": Max("number"),
        "true_counted": Count("pk", filter=counted),
        "true_confirmed": Count("pk", filter=counted & Q(confirmed_at__isnull=False)),
        "true_held": Count("pk", filter=Q(state=SignatureState.HELD)),
    }
    return Tally.objects.annotate(
        **{
            name: Coalesce(Subquery(own.annotate(figure=figure).values("figure")), 0)
            for name, figure in figures.items()
        },
        true_paper=Coalesce(
            Subquery(
                _paper_lines()
                .filter(petition=OuterRef("petition"))
                .order_by()
                .values("petition")
                .annotate(n=Count("pk"))
                .values("n")
            ),
            0,
        ),
    ).order_by("pk")


def _paper_lines() -> QuerySet[PaperLine]:
    return PaperLine.objects.filter(state=PaperLineState.COUNTED)


def _annotated(tally: Tally) -> Figures:
    names = ("last_number", "counted", "confirmed", "held", "paper")
    return Figures(**{name: getattr(tally, f"true_{name}") for name in names})
