from datetime import datetime

from django.db import transaction

from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.person import Person
from levier.gathering.signing.actions.forget_paper import forget_paper_lines
from levier.gathering.signing.models.paper import PaperLine
from levier.gathering.signing.models.tally import Tally


@transaction.atomic
def withdraw_paper_line(*, line: PaperLine, person: Person, now: datetime) -> None:
    """A line leaves the count, and nothing of it is kept, because the owner of the mailbox written
    there says so (P32). Their signature online, if there is one, stays. Twice is as once."""
    Tally.objects.select_for_update().get(petition=line.petition_id)
    mine = PaperLine.objects.filter(pk=line.pk, anonymised_at=None)
    if not mine.exists():
        return
    forget_paper_lines(mine, withdraw_too=True, now=now)
    record_activity(
        organisation_id=person.organisation_id,
        person_id=person.pk,
        kind=ActivityKind.WITHDREW,
        subject=f"paper:{line.sheet_id}:{line.position}",
        at=now,
    )
