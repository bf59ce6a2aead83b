"""A tag on all the people that conditions name: begun, gone on with a page at a time, stopped."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from procrastinate.contrib.django import app

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.tags import tag_people, untag_people
from levier.foundation.people.models.search import SearchEntry
from levier.foundation.people.models.tag import Tag, Tagging
from levier.foundation.people.queries.supporters import counted

PAGE = 2_000
GO_ON = "signing.go_on_tagging"  # the task knows the conditions of packages above


@transaction.atomic
def start_tagging(
    *,
    tag: Tag,
    adds: bool,
    found: Q,
    conditions: Sequence[dict[str, Any]],
    sentence: str,
    by: User,
    now: datetime,
) -> Tagging:
    """Write down what is to be done, and have the worker do it. `found` and `conditions` say the
    same: who is looked for now, and how to look for them again."""
    entries = SearchEntry.objects.filter(found)
    tagging = Tagging.objects.create(
        organisation=tag.organisation,
        tag=tag,
        adds=adds,
        conditions=list(conditions),
        sentence=sentence,
        total=counted(found),
        until=entries.aggregate(last=Max("person"))["last"] or 0,
        by=by,
        at=now,
    )
    body = {"act": "people.start_tagging", "tag": tag.pk, "adds": adds, "people": tagging.total}
    append_audit(scope=tag.organisation_id, body=body, by=by.pk, now=now)
    app.configure_task(GO_ON).defer(tagging=tagging.pk)
    return tagging


@transaction.atomic
def go_on_tagging(*, tagging_id: int, found: Q, now: datetime) -> bool:
    """One page of people; call again while it returns True. Safe to run twice."""
    tagging = (
        Tagging.objects.select_for_update(of=("self",))
        .select_related("tag", "by")
        .get(pk=tagging_id)
    )
    if tagging.finished_at or tagging.stopped_at:
        return False
    entries = SearchEntry.objects.filter(found, pk__gt=tagging.reached, pk__lte=tagging.until)
    ids = list(entries.order_by("pk").values_list("pk", flat=True)[:PAGE])
    change = tag_people if tagging.adds else untag_people
    if ids:
        change(tag=tagging.tag, person_ids=ids, by=tagging.by, now=now)
        tagging.reached, tagging.done = ids[-1], tagging.done + len(ids)
    if len(ids) < PAGE:
        tagging.finished_at = now
    tagging.save(update_fields=["reached", "done", "finished_at"])
    return tagging.finished_at is None


@transaction.atomic
def stop_tagging(*, tagging: Tagging, by: User, now: datetime) -> bool:
    """What is done stays done; nothing more is. False when it was over."""
    going = Tagging.objects.filter(pk=tagging.pk, finished_at=None, stopped_at=None)
    if not going.update(stopped_at=now):
        return False
    body = {"act": "people.stop_tagging", "tag": tagging.tag_id}
    append_audit(scope=tagging.organisation_id, body=body, by=by.pk, now=now)
    return True
