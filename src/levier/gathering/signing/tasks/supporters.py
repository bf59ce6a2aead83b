"""What the worker does with all the people some conditions name, and with those to forget."""

from functools import reduce
from operator import and_

from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.taggings import GO_ON, go_on_tagging
from levier.foundation.people.models.tag import Tagging
from levier.gathering.signing.actions.forget_due import forget_due
from levier.gathering.signing.queries.kinds import supporters_vocabulary


@app.task(name=GO_ON)
def tag_all(*, tagging: int) -> None:
    """A page at a time, until everybody is done or somebody stops it; run twice, it goes on."""
    asked = Tagging.objects.filter(pk=tagging).first()
    if asked is None:
        return
    vocabulary = supporters_vocabulary(organisation=asked.organisation_id, now=asked.at)
    parts = [vocabulary.q(vocabulary.read(part)) for part in asked.conditions]
    found = reduce(and_, parts, Q(organisation=asked.organisation_id))
    while go_on_tagging(tagging_id=tagging, found=found, now=timezone.now()):
        continue


@app.periodic(cron="15 3 * * *")
@app.task(name="signing.forget_due", queueing_lock="signing.forget_due")
def forget(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every night (UTC), after the signatures that were due: people nothing is left of."""
    for pk in Organisation.objects.order_by("pk").values_list("pk", flat=True):
        while forget_due(organisation_id=pk, now=timezone.now()):
            continue
