"""U64: signatories hear of no other signature, and nobody of the team is written to at each one."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.enums import ActivityKind
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.tasks.read_activities import Reader
from tests.account_mails import queued_account_mails
from tests.cast import NOW, make_signature
from tests.drafts import make_agreeing

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def test_U64_a_signature_writes_to_its_signatory_only(lilas: Petition) -> None:
    before = make_agreeing(lilas)
    new = [make_signature(lilas) for _ in range(3)]
    record_activities(
        organisation_id=lilas.campaign.organisation_id,
        kind=ActivityKind.SIGNED,
        at=NOW,
        rows=[(one.person_id, f"signature:{one.pk}", None) for one in new],
    )
    reader = Reader()
    while reader.read(now=NOW):
        continue
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert {mail.person_id for mail in Delivery.objects.all()} == {one.person_id for one in new}
    assert before.person_id not in {one.person_id for one in new}
    assert queued_account_mails() == []


def test_U64_the_one_digest_of_the_team_leaves_once_a_day() -> None:
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    digests = [
        task
        for task in app.periodic_registry.periodic_tasks.values()
        if task.task.name == "signing.tell_alerts"
    ]
    (digest,) = digests
    assert re.fullmatch(r"\d+ \d+ \* \* \*", digest.cron)
