"""Segments: people named by conditions, kept under a name."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.errors import SegmentTaken
from levier.foundation.people.models.segment import Segment


@transaction.atomic
def save_segment(
    *,
    organisation: Organisation,
    segment: Segment | None,
    name: str,
    conditions: dict[str, Any],
    by: User,
    now: datetime,
) -> Segment:
    """Make a segment, or change it. Conditions are those a vocabulary has read. Raises
    SegmentTaken."""
    kept = segment or Segment(organisation=organisation, by=by, at=now)
    kept.name, kept.conditions, kept.changed_at = name, conditions, now
    act = "people.change_segment" if segment else "people.make_segment"
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        raise SegmentTaken from error
    _audit(kept, act, by, now)
    return kept


@transaction.atomic
def delete_segment(*, segment: Segment, by: User, now: datetime) -> None:
    """The conditions go; the people stay."""
    _audit(segment, "people.delete_segment", by, now)
    segment.delete()


def _audit(segment: Segment, act: str, by: User, now: datetime) -> None:
    body = {"act": act, "segment": segment.pk}
    append_audit(scope=segment.organisation_id, body=body, by=by.pk, now=now)
