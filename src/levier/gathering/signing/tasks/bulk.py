"""What was decided of many signatures, batch after batch."""

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.gathering.signing.actions.decide_in_bulk import RUN
from levier.gathering.signing.actions.run_bulk import run_batch


@app.task(name=RUN)
def run_bulk_decision(*, decision: int) -> None:
    """Until nothing is left or somebody stops it. A worker that dies is followed by another."""
    while run_batch(decision_id=decision, now=timezone.now()):
        continue
