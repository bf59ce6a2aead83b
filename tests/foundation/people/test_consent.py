from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.consents import (
    give_consent,
    withdraw_consent,
    withdraw_every_consent,
)
from levier.foundation.people.enums import ActivityKind, Channel, Purpose
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import Person
from levier.foundation.people.queries.agreements import agreements_of
from tests.cast import make_signature

NEWS = {"channel": Channel.EMAIL, "purpose": Purpose.PETITION_NEWS, "scope": "petition:1"}
OTHER_NEWS = {**NEWS, "scope": "petition:2"}
PHONE = {"channel": Channel.PHONE, "purpose": Purpose.CONTINUE}


@pytest.fixture
def paul(lilas: object) -> Person:
    person = make_signature(lilas, "paul@exemple.fr").person  # type: ignore[arg-type]
    assert person is not None
    return person


def state(person: Person) -> dict[tuple[str, str], bool]:
    rows = ConsentState.objects.filter(person=person).order_by("channel", "purpose")
    return {(row.channel, row.purpose): row.given for row in rows}


def test_J1_agreement_is_kept_with_its_words_source_and_hour(paul: Person, now: datetime) -> None:
    give_consent(person=paul, **NEWS, wording="Tenez-moi au courant", source="moi", now=now)
    said = Consent.objects.get(person=paul)
    assert (said.given, said.wording, said.source, said.at) == (
        *(True, "Tenez-moi au courant", "moi"),
        now,
    )
    assert state(paul) == {("email", "petition_news"): True}


def test_J1_the_latest_statement_wins(paul: Person, now: datetime) -> None:
    give_consent(person=paul, **NEWS, wording="oui", source="moi", now=now)
    later = now + timedelta(minutes=1)
    withdraw_consent(person=paul, **NEWS, wording="non", source="moi", now=later)
    assert state(paul) == {("email", "petition_news"): False}
    assert [(a.given, a.wording) for a in agreements_of(paul)] == [(False, "non")]
    assert Consent.objects.filter(person=paul).count() == 2


def test_J1_an_earlier_statement_written_later_does_not_win(paul: Person, now: datetime) -> None:
    withdraw_consent(person=paul, **NEWS, wording="non", source="moi", now=now)
    before = now - timedelta(minutes=1)
    give_consent(person=paul, **NEWS, wording="oui", source="signature:1", now=before)
    assert state(paul) == {("email", "petition_news"): False}


def test_J29_withdrawing_one_purpose_leaves_the_others(paul: Person, now: datetime) -> None:
    give_consent(person=paul, **NEWS, wording="oui", source="moi", now=now)
    give_consent(person=paul, **PHONE, wording="oui", source="moi", now=now)
    withdraw_consent(person=paul, **NEWS, wording="non", source="moi", now=now)
    assert state(paul) == {
        ("email", "petition_news"): False,
        ("phone", "continue"): True,
    }


def test_U35_news_of_one_petition_leaves_those_of_the_others(paul: Person, now: datetime) -> None:
    for news in (NEWS, OTHER_NEWS):
        give_consent(person=paul, **news, wording="oui", source="moi", now=now)
    withdraw_consent(person=paul, **NEWS, wording="non", source="moi", now=now)
    states = ConsentState.objects.filter(person=paul)
    assert dict(states.values_list("scope", "given")) == {"petition:1": False, "petition:2": True}
    assert {(a.scope, a.given) for a in agreements_of(paul)} == {
        ("petition:1", False),
        ("petition:2", True),
    }


def test_everything_can_be_stopped_at_once(paul: Person, now: datetime) -> None:
    for what in (NEWS, OTHER_NEWS, PHONE):
        give_consent(person=paul, **what, wording="oui", source="moi", now=now)
    assert withdraw_every_consent(person=paul, source="moi", now=now) == 3
    assert not ConsentState.objects.filter(person=paul, given=True).exists()
    assert withdraw_every_consent(person=paul, source="moi", now=now) == 0


def test_each_statement_is_told_above(paul: Person, now: datetime) -> None:
    said = give_consent(person=paul, **NEWS, wording="oui", source="moi", now=now)
    told = Activity.objects.get(person=paul, kind=ActivityKind.CONSENT_CHANGED)
    assert told.subject == f"consent:{said.pk}"
    assert told.data == {
        "channel": "email",
        "purpose": "petition_news",
        "given": True,
        "scope": "petition:1",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert cursor.fetchone() == (int(told.xid),)


def test_J1_a_statement_cannot_be_rewritten(paul: Person, now: datetime) -> None:
    said = give_consent(person=paul, **NEWS, wording="oui", source="moi", now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=said.pk).update(wording="autre chose")


def test_another_person_is_untouched(paul: Person, lilas: object, now: datetime) -> None:
    camille = make_signature(lilas).person  # type: ignore[arg-type]
    assert camille is not None
    give_consent(person=camille, **NEWS, wording="oui", source="moi", now=now)
    withdraw_consent(person=paul, **NEWS, wording="non", source="moi", now=now)
    assert state(camille) == {("email", "petition_news"): True}


def test_organisation_of_the_activity(paul: Person, valmont: Organisation, now: datetime) -> None:
    give_consent(person=paul, **NEWS, wording="oui", source="moi", now=now)
    assert Activity.objects.get(person=paul).organisation_id == valmont.pk
