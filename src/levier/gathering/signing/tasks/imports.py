"""Past signatures brought from elsewhere: read, checked, written, taken back; then forgotten."""

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from levier.foundation.people.actions.import_files import read_file
from levier.foundation.people.actions.import_working import (
    AfterAStop,
    forget_old_files,
    forget_orphans,
    told,
    work_through,
)
from levier.foundation.people.enums import ImportState
from levier.foundation.people.errors import RowsLost
from levier.foundation.people.models.imports import SupporterImport
from levier.gathering.signing.actions.import_check import WORK, judge_rows, lay_rows
from levier.gathering.signing.actions.import_past import import_next
from levier.gathering.signing.actions.import_undo import undo_next
from levier.gathering.signing.models.imports import ImportBatch


@app.task(name=WORK, retry=AfterAStop(), pass_context=True)
def work_on_import(context: JobContext, *, pk: int) -> None:
    """Whatever the import needs, to its end. Run twice at once, the second finds nothing to do."""
    work_through(step=lambda: go_on(pk), should_stop=context.should_abort)


def go_on(pk: int) -> bool:
    """One step of an import; whether there is another."""
    batch = (
        ImportBatch.objects.select_related("organisation", "petition__campaign")
        .filter(pk=pk)
        .first()
    )
    return batch is not None and told(batch, lambda: _step(batch), now=timezone.now())


def _step(batch: ImportBatch) -> bool:
    now = timezone.now()
    match batch.state:
        case ImportState.RECEIVED:
            read_file(batch=batch)
        case ImportState.CHECKING:
            judge_rows(batch=batch, now=now)
        case ImportState.RUNNING:
            try:
                return import_next(batch_id=batch.pk, now=now)
            except RowsLost:
                return lay_rows(batch=batch) is not None
        case ImportState.UNDOING:
            return undo_next(batch_id=batch.pk, now=now)
    return False


@app.periodic(cron="25 4 * * *")
@app.task(name="signing.forget_imports", queueing_lock="signing.forget_imports")
def forget_imports(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every night: files that have served leave, and those whose upload was cut."""
    forget_old_files(model=ImportBatch, now=timezone.now())
    forget_orphans(models=(ImportBatch, SupporterImport), now=timezone.now())
