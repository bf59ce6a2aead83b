"""Who gets an update, and why the others do not."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from levier.foundation.people.actions.suppressions import suppress
from levier.foundation.people.enums import Channel, ContactState, SuppressionReason
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.search import SearchEntry
from levier.foundation.people.rules import suppression_hmac
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.actions.publish import publish
from levier.gathering.updates.actions.queue_audience import queue_audience
from levier.gathering.updates.enums import Answer, Excluded
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.audience import (
    Audience,
    audience_of,
    dry_count,
    hashed_address,
    judged,
)
from tests.cast import NOW, make_campaign, make_petition, make_signature, person_of
from tests.drafts import agree, mails_of, make_agreeing, make_draft
from tests.news import make_news, make_response

pytestmark = pytest.mark.django_db


def reasons(update: Update, **later: Any) -> dict[str, int]:
    counted = dry_count(update, at=NOW + timedelta(**later))
    parts = {part.reason: part.n for part in counted.excluded}
    return {"receives": counted.receives, **parts}


def suppressed(signature: Signature, *, scope: str = "") -> Signature:
    point = signature.contact_point
    assert point is not None
    suppress(
        organisation=signature.petition.campaign.organisation,
        channel=Channel.EMAIL,
        canonical=point.canonical,
        reason=SuppressionReason.UNSUBSCRIBED,
        scope=scope,
        now=NOW,
    )
    return signature


def mailbox(signature: Signature, state: str) -> Signature:
    ContactPoint.objects.filter(pk=signature.contact_point_id or 0).update(state=state)
    return signature


def everybody(lilas: Petition) -> None:
    """One of each."""
    for _ in range(3):
        make_agreeing(lilas)
    make_signature(lilas)
    agree(make_signature(lilas), given=False)
    elsewhere = make_petition(make_campaign(lilas.campaign.organisation), lilas.author, "autre")
    other = make_signature(lilas)
    agree(make_signature(elsewhere, person=other.person, contact_point=other.contact_point))
    make_agreeing(lilas, state=SignatureState.WITHDRAWN)
    make_agreeing(lilas, state=SignatureState.HELD)
    make_agreeing(lilas, signed_at=NOW + timedelta(hours=1))
    gone = make_agreeing(lilas)
    Person.objects.filter(pk=person_of(gone).pk).update(erased_at=NOW)
    nameless = make_signature(lilas)
    Signature.objects.filter(pk=nameless.pk).update(person=None, contact_point=None)
    mailbox(make_agreeing(lilas), ContactState.HARD)
    mailbox(make_agreeing(lilas), ContactState.SOFT)
    mailbox(make_agreeing(lilas), ContactState.COMPLAINT)
    suppressed(make_agreeing(lilas))
    suppressed(make_agreeing(lilas), scope=f"petition:{lilas.pk}")
    suppressed(make_agreeing(lilas), scope=f"petition:{elsewhere.pk}")


def test_U25_only_who_signed_and_said_yes_to_this_petition(lilas: Petition) -> None:
    everybody(lilas)
    assert reasons(make_draft(lilas)) == {
        "receives": 5,  # three, one whose mailbox was full once, one who left another petition
        Excluded.HELD: 1,
        Excluded.FORGOTTEN: 2,
        Excluded.NO_CONSENT: 3,
        Excluded.UNREACHABLE: 1,
        Excluded.SUPPRESSED: 3,
    }


def test_U26_the_parts_add_up_to_every_standing_signature(lilas: Petition) -> None:
    everybody(lilas)
    counted = dry_count(make_draft(lilas), at=NOW)
    standing = Signature.objects.filter(petition=lilas, signed_at__lte=NOW).exclude(
        state__in=[SignatureState.WITHDRAWN, SignatureState.REJECTED]
    )
    assert counted.standing == standing.count() == 15
    assert [part.label for part in counted.excluded] == [
        "signatures à vérifier",
        "sans adresse gardée",
        "sans accord",
        "adresses en erreur",
        "à ne plus contacter",
    ]


def test_U26_the_sending_rolled_back_at_that_hour_gives_the_same_number(lilas: Petition) -> None:
    everybody(lilas)
    update = make_draft(lilas)
    later = NOW + timedelta(hours=2)
    for at in (NOW, later):
        with transaction.atomic():
            counted = dry_count(update, at=at)
            publish(update=update, by=lilas.author, now=at)
            written = queue_audience(update=update.pk, now=at)
            transaction.set_rollback(True)
        assert written == counted.receives
    assert (dry_count(update, at=NOW).receives, dry_count(update, at=later).receives) == (5, 6)
    assert mails_of(update) == []


def test_U26_counting_writes_nothing_and_is_one_statement(lilas: Petition) -> None:
    everybody(lilas)
    update = Update.objects.select_related("petition__campaign").get(pk=make_draft(lilas).pk)
    with CaptureQueriesContext(connection) as asked:
        dry_count(update, at=NOW)
    assert [query["sql"].split()[0] for query in asked] == ["SELECT"]


def test_U25_narrowed_to_areas_by_postcode(lilas: Petition) -> None:
    for postcode in ("35000", "35 700", "44000", "", "97400"):
        make_agreeing(lilas, postcode=postcode)
    make_agreeing(lilas, postcode="10115", country="DE")
    update = make_draft(lilas)

    def kept(*areas: str) -> int:
        update.audience = Audience(areas=areas).kept()
        return reasons(update)["receives"]

    assert [kept(), kept("FR-35"), kept("FR-35", "FR-44"), kept("FR-974"), kept("DE")] == [
        *(6, 2, 3, 1, 1)
    ]
    update.audience = Audience(areas=["FR-35"]).kept()
    assert reasons(update) == {"receives": 2, Excluded.ELSEWHERE: 4}


def test_U25_narrowed_to_confirmed_addresses(lilas: Petition) -> None:
    make_agreeing(lilas, confirmed_at=NOW)
    make_agreeing(lilas)
    update = make_draft(lilas, audience=Audience(confirmed_only=True).kept())
    assert reasons(update) == {"receives": 1, Excluded.UNCONFIRMED: 1}


def test_U25_narrowed_to_those_who_did_not_answer_the_previous_ask(lilas: Petition) -> None:
    before = make_news(lilas)
    answered, _silent = make_agreeing(lilas), make_agreeing(lilas)
    make_response(before, answered, Answer.DONE)
    update = make_draft(lilas, audience=Audience(silent_since=before.pk).kept())
    assert reasons(update) == {"receives": 1, Excluded.ANSWERED: 1}


def receive(lilas: Petition, times: int) -> None:
    """As many updates that truly left, on days before."""
    for n in range(times):
        at = NOW - timedelta(days=20 - 3 * n)
        update = publish(update=make_draft(lilas), by=lilas.author, now=at)
        queue_audience(update=update.pk, now=at)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE levier_delivery SET state = 'handed' WHERE state = 'queued'")


def test_U25_an_address_never_confirmed_and_never_active_gets_two_at_most(
    lilas: Petition,
) -> None:
    long_ago = NOW - timedelta(days=60)
    _silent = make_agreeing(lilas, signed_at=long_ago)
    make_agreeing(lilas, signed_at=long_ago, confirmed_at=long_ago)
    active, answering = (make_agreeing(lilas, signed_at=long_ago) for _ in range(2))
    receive(lilas, 1)
    assert reasons(make_draft(lilas)) == {"receives": 4}
    receive_again = publish(update=make_draft(lilas), by=lilas.author, now=NOW - timedelta(days=9))
    assert queue_audience(update=receive_again.pk, now=NOW - timedelta(days=9)) == 4
    assert reasons(make_draft(lilas)) == {"receives": 4}  # the second has not left yet
    with connection.cursor() as cursor:
        cursor.execute("UPDATE levier_delivery SET state = 'handed' WHERE state = 'queued'")
    SearchEntry.objects.create(
        person=person_of(active),
        organisation=lilas.campaign.organisation,
        since=long_ago,
        last_at=NOW - timedelta(days=5),
        flags=0,
        marks=[],
        tags=[],
        country="FR",
        postcode="",
        name_key="",
    )
    make_response(make_news(lilas, n=9), answering, Answer.DONE)
    assert reasons(make_draft(lilas)) == {"receives": 3, Excluded.SILENT: 1}


def test_U27_who_signs_after_it_appeared_does_not_enter(lilas: Petition) -> None:
    make_agreeing(lilas)
    update = publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    make_agreeing(lilas, signed_at=NOW + timedelta(seconds=1))
    assert queue_audience(update=update.pk, now=NOW + timedelta(seconds=5)) == 1


def test_U28_written_again_nobody_gets_it_twice(lilas: Petition) -> None:
    for _ in range(3):
        make_agreeing(lilas)
    update = publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    assert queue_audience(update=update.pk, now=NOW) == 3
    assert queue_audience(update=update.pk, now=NOW) == 0
    Update.objects.filter(pk=update.pk).update(recipients=None)  # as if it had not been noted
    assert queue_audience(update=update.pk, now=NOW) == 0
    assert len(mails_of(update)) == 3


def test_nobody_to_send_to_is_no_error(lilas: Petition) -> None:
    make_signature(lilas)
    update = publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    assert queue_audience(update=update.pk, now=NOW) == 0
    assert Update.objects.get().recipients == 0


def test_the_hash_in_sql_is_that_of_python(lilas: Petition) -> None:
    signature = make_signature(lilas, "Élodie+test@exemple.fr")
    organisation, point = lilas.campaign.organisation_id, signature.contact_point
    assert point is not None
    rows = Signature.objects.annotate(hashed=hashed_address(organisation))
    (told,) = rows.values_list("hashed", flat=True)
    assert bytes(told) == suppression_hmac(organisation, Channel.EMAIL, point.canonical)


def test_the_audience_is_kept_as_it_was_chosen() -> None:
    chosen = Audience(areas=("FR-44", "FR-35"), confirmed_only=True, silent_since=7)
    assert chosen.kept() == {
        "areas": ["FR-35", "FR-44"],
        "confirmed_only": True,
        "silent_since": 7,
    }
    assert Audience.kept_in(chosen.kept()).areas == ("FR-35", "FR-44")
    assert Audience().kept() == {}


def test_the_rows_judged_and_the_readers_are_the_same(lilas: Petition) -> None:
    everybody(lilas)
    update = make_draft(lilas)
    receives = judged(update, at=NOW).filter(excluded="")
    assert set(audience_of(update, at=NOW)) == set(receives)
