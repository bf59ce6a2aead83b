from datetime import datetime

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.forgetting import erase
from levier.foundation.people.enums import ActivityKind, Channel, ContactState, Purpose
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.suppression import Suppression
from levier.foundation.people.queries.addresses import known_addresses
from levier.foundation.people.queries.everything import everything_about
from levier.foundation.people.rules import is_suppressed
from levier.gathering.petitions.models.petition import Petition
from tests.cast import make_campaign, make_petition, make_signature, make_user

EMAIL = "paul@exemple.fr"


def agreeing(petition: Petition, now: datetime, email: str = EMAIL) -> Person:
    person = make_signature(petition, email).person
    assert person is not None
    give_consent(
        person=person,
        channel=Channel.EMAIL,
        purpose=Purpose.PETITION_NEWS,
        scope="petition:1",
        wording="Tenez-moi au courant",
        source="moi",
        now=now,
    )
    return person


def test_P64_keeps_only_the_refusal(lilas: Petition, valmont: Organisation, now: datetime) -> None:
    paul = agreeing(lilas, now)
    erase(person=paul, now=now)
    paul.refresh_from_db()
    assert (paul.first_name, paul.last_name, paul.postcode, paul.country) == (
        "",
        "",
        "",
        "",
    )
    assert paul.erased_at == now
    for model in (Consent, ConsentState):
        assert not model.objects.filter(person=paul).exists()
    point = ContactPoint.objects.get(person=paul)
    assert (point.typed, point.state) == ("", ContactState.BLOCKED)
    assert EMAIL not in point.canonical
    assert [told.kind for told in Activity.objects.filter(person=paul)] == [ActivityKind.ERASED]
    assert Suppression.objects.count() == 1
    assert is_suppressed(organisation=valmont, channel=Channel.EMAIL, canonical=EMAIL)


def test_P64_acts_in_one_organisation(
    lilas: Petition, droits_debout: Organisation, now: datetime
) -> None:
    here = agreeing(lilas, now)
    author = make_user("claire2@exemple.fr", "Claire", droits_debout)
    there = agreeing(make_petition(make_campaign(droits_debout), author, "autre"), now)
    assert known_addresses(channel=Channel.EMAIL, canonical=EMAIL).count() == 2
    erase(person=here, now=now)
    assert [p.person for p in known_addresses(channel=Channel.EMAIL, canonical=EMAIL)] == [there]
    assert Consent.objects.filter(person=there).count() == 1
    assert not is_suppressed(organisation=droits_debout, channel=Channel.EMAIL, canonical=EMAIL)


def test_P64_leaves_other_people(lilas: Petition, now: datetime) -> None:
    paul, camille = agreeing(lilas, now), agreeing(lilas, now, "camille@exemple.fr")
    erase(person=paul, now=now)
    camille.refresh_from_db()
    assert camille.first_name == "Camille"
    assert Consent.objects.filter(person=camille).count() == 1


def test_erasing_twice_is_erasing_once(lilas: Petition, now: datetime) -> None:
    paul = agreeing(lilas, now)
    erase(person=paul, now=now)
    erase(person=paul, now=now)
    assert Activity.objects.filter(kind=ActivityKind.ERASED).count() == 1


def test_everything_about_a_person_is_told(lilas: Petition, now: datetime) -> None:
    paul = agreeing(lilas, now)
    record_activity(
        organisation_id=paul.organisation_id,
        person_id=paul.pk,
        kind=ActivityKind.LINK_ASKED,
        subject="contact:1",
        at=now,
        data={"n": 1},
    )
    agreeing(lilas, now, "camille@exemple.fr")
    told = everything_about(paul)
    assert told["personne"]["prénom"] == "Camille"
    assert [a["telle que saisie"] for a in told["adresses"]] == [EMAIL]
    assert [a["mots exacts"] for a in told["accords"]] == ["Tenez-moi au courant"]
    assert [g["geste"] for g in told["gestes"]] == ["consent_changed", "link_asked"]
    assert told["gestes"][1]["détail"] == {"n": 1}
    assert "camille@exemple.fr" not in DjangoJSONEncoder().encode(told)


@pytest.mark.parametrize("data", [None, {"count": 3, "note": "l’été « 2027 »"}])
def test_activity_keeps_its_data(valmont: Organisation, now: datetime, data: dict | None) -> None:
    record_activity(
        organisation_id=valmont.pk,
        person_id=None,
        kind="exported",
        subject="x:1",
        at=now,
        data=data,
    )
    told = Activity.objects.get()
    assert (told.data, told.subject, told.at, told.person_id) == (
        data,
        "x:1",
        now,
        None,
    )
