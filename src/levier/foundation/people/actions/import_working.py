"""Going on with an import, whatever it needs next, until it is done, stopped, or told to pause."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job

from levier.foundation.common.tables import storing
from levier.foundation.common.tables.errors import UnreadableTable
from levier.foundation.people.actions.import_files import KEPT, break_off, drop_rows, locked_import
from levier.foundation.people.enums import NOT_STARTED, WORKING
from levier.foundation.people.models.imports import FileImport

log = logging.getLogger(__name__)
Step = Callable[[], bool]
A_DAY = timedelta(days=1)  # longer than any upload


class AfterAStop(BaseRetryStrategy):
    """A job that a stopping worker put down is taken up by the next one."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """At once; anything else that went wrong was told to whoever asked for the import."""
        return RetryDecision(retry_in={"seconds": 0}) if isinstance(exception, JobAborted) else None


def work_through(*, step: Step, should_stop: Callable[[], bool]) -> None:
    """Take steps until none is left. Raises JobAborted when the worker has to stop before."""
    while step():
        if should_stop():
            raise JobAborted


def told(batch: FileImport, step: Step, *, now: datetime) -> bool:
    """Take one step; what goes wrong in it is said on the import's own page. Returns whether
    there is more to do."""
    try:
        return step()
    except UnreadableTable as error:
        break_off(batch=batch, problem=str(error), now=now)
    except Exception:
        log.exception("import %s of %s stopped", batch.pk, type(batch).__name__)
        problem = _("L’import s’est arrêté sur une erreur inattendue. Reprenez-le, ou annulez-le.")
        break_off(batch=batch, problem=problem, now=now)
    return False


def forget_old_files(*, model: type[FileImport], now: datetime) -> int:
    """Seven days after an import, or after a file that nobody imported, nothing of the file is
    left but its name, its figures and its hash (P59). Returns how many were forgotten."""
    old = model._default_manager.filter(forgotten_at=None).exclude(state__in=WORKING)
    found = 0
    for pk in old.order_by("pk").values_list("pk", flat=True):
        found += _forget_old(model, pk, now)
    return found


def forget_orphans(*, models: Sequence[type[FileImport]], now: datetime) -> int:
    """Files that no import knows: their upload was cut before anything was noted. Returns how
    many were deleted."""
    known = {
        key for model in models for key in model._default_manager.values_list("uuid", flat=True)
    }
    lost = [key for key in storing.all_kept() if key not in known]
    old = [key for key in lost if storing.kept_since(key) + A_DAY < now]
    for key in old:
        storing.drop(key)
    return len(old)


@transaction.atomic
def _forget_old(model: type[FileImport], pk: int, now: datetime) -> bool:
    batch = locked_import(model, pk)
    since = batch.undone_at or batch.finished_at or batch.checked_at or batch.created_at
    if since + KEPT > now or batch.state in WORKING:
        return False
    drop_rows(batch)
    storing.drop(batch.uuid)
    if batch.state in NOT_STARTED:
        batch.delete()
        return True
    for column in batch.reading.get("columns", []):
        column["samples"] = []
    batch.forgotten_at = now
    batch.save(update_fields=["reading", "forgotten_at"])
    return True
