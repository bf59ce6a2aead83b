"""Supporters brought from elsewhere: read, checked, written, taken back; then forgotten."""

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from levier.foundation.people.actions.import_files import read_file
from levier.foundation.people.actions.import_supporters import (
    WORK,
    judge_supporters,
    lay_supporters,
)
from levier.foundation.people.actions.import_supporters_run import (
    import_supporters_next,
    undo_supporters_next,
)
from levier.foundation.people.actions.import_working import (
    AfterAStop,
    forget_old_files,
    told,
    work_through,
)
from levier.foundation.people.enums import ImportState
from levier.foundation.people.errors import RowsLost
from levier.foundation.people.models.imports import SupporterImport


@app.task(name=WORK, retry=AfterAStop(), pass_context=True)
def work_on_import(context: JobContext, *, pk: int) -> None:
    """Whatever the import needs, to its end. Run twice at once, the second finds nothing to do."""
    work_through(step=lambda: go_on(pk), should_stop=context.should_abort)


def go_on(pk: int) -> bool:
    """One step of an import; whether there is another."""
    batch = SupporterImport.objects.select_related("organisation").filter(pk=pk).first()
    return batch is not None and told(batch, lambda: _step(batch), now=timezone.now())


def _step(batch: SupporterImport) -> bool:
    now = timezone.now()
    match batch.state:
        case ImportState.RECEIVED:
            read_file(batch=batch)
        case ImportState.CHECKING:
            judge_supporters(batch=batch, now=now)
        case ImportState.RUNNING:
            try:
                return import_supporters_next(batch_id=batch.pk, now=now)
            except RowsLost:
                return lay_supporters(batch=batch) is not None
        case ImportState.UNDOING:
            return undo_supporters_next(batch_id=batch.pk, now=now)
    return False


@app.periodic(cron="35 4 * * *")
@app.task(name="people.forget_imports", queueing_lock="people.forget_imports")
def forget_imports(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every night: files that have served leave."""
    forget_old_files(model=SupporterImport, now=timezone.now())
