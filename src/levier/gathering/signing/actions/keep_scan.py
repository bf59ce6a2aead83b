"""The scan of a sheet: what was typed can be read again beside it."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.common.scans import drop_scan
from levier.gathering.signing.actions.enter_sheet import audit_sheet
from levier.gathering.signing.models.paper import PaperSheet


@transaction.atomic
def keep_scan(*, sheet: PaperSheet, scan: str, by: User, now: datetime) -> PaperSheet:
    """Tie a scan, kept already, to its sheet; one that was there before is deleted. An empty name
    takes it away."""
    locking = PaperSheet.objects.select_for_update(of=("self",))
    kept = locking.select_related("petition__campaign").get(pk=sheet.pk)
    drop_scans([kept])
    kept.scan = scan
    kept.save(update_fields=["scan"])
    audit_sheet(kept, "keep_scan" if scan else "drop_scan", by, now)
    return kept


def drop_scans(sheets: Iterable[PaperSheet]) -> None:
    """Delete these scans once the transaction is committed: not before it is sure."""
    for sheet in sheets:
        if sheet.scan:
            transaction.on_commit(partial(drop_scan, sheet.scan))
