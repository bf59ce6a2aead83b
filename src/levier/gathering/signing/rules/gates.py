"""Paper sheets and files of a petition, for whoever may work on them."""

from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import User
from levier.gathering.petitions.rules.gates import (
    Place,
    petition_for_editing,
    petition_for_moderating,
)
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.models.paper import PaperRun, PaperSheet


def paper_sheet_for_entering(user: User, slug: str, pk: int) -> tuple[Place, PaperSheet]:
    """A sheet of that petition, for whoever may see names; another's does not exist for them."""
    place = petition_for_moderating(user, slug)
    sheets = PaperSheet.objects.select_related("entered_by", "version")
    sheet = sheets.filter(petition=place.petition, pk=pk).first()
    if sheet is None:
        raise Hidden
    return place, sheet


def paper_run_for_printing(user: User, slug: str, pk: int) -> tuple[Place, PaperRun]:
    """Numbered sheets of that petition, to print them again."""
    place = petition_for_moderating(user, slug)
    runs = PaperRun.objects.select_related("version")
    run = runs.filter(petition=place.petition, pk=pk).first()
    if run is None:
        raise Hidden
    return place, run


def import_for_working(user: User, slug: str, pk: int) -> tuple[Place, ImportBatch]:
    """A file of past signatures brought to that petition, for whoever campaigns."""
    place = petition_for_editing(user, slug)
    batches = ImportBatch.objects.select_related("organisation", "petition__campaign", "by")
    batch = batches.filter(petition=place.petition, pk=pk).first()
    if batch is None:
        raise Hidden
    return place, batch
