"""Who decides is written down once, with where it was read."""

from datetime import date, datetime

import pytest

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.directory.actions import DecisionMaker, add_decision_maker
from levier.foundation.directory.models import Mandate, Organization, PersonInOffice, Post
from levier.foundation.directory.queries import mandates_of

pytestmark = pytest.mark.django_db
DIALLO = DecisionMaker(
    name="Khady Diallo",
    honorific="Mme",
    post="3e adjointe au maire",
    responsibility="mobilités",
    institution="Ville de Valmont",
    source="https://valmont.example/elus",
)


def test_a_decision_maker_is_a_person_holding_a_post(
    valmont: Organisation, aicha: User, now: datetime
) -> None:
    mandate = add_decision_maker(owner=valmont, who=DIALLO, by=aicha, now=now)
    assert str(mandate.person) == "Mme Khady Diallo"
    assert mandate.person.family_name == "Diallo"
    assert mandate.post.organization.name == "Ville de Valmont"
    assert (mandate.source, mandate.consulted_on) == (DIALLO.source, date(2026, 9, 16))


def test_the_same_one_is_written_once_whatever_the_capitals(
    valmont: Organisation, aicha: User, now: datetime
) -> None:
    first = add_decision_maker(owner=valmont, who=DIALLO, by=aicha, now=now)
    again = DecisionMaker(
        **{**vars(DIALLO), "name": "KHADY DIALLO", "institution": "ville de valmont"}
    )
    assert add_decision_maker(owner=valmont, who=again, by=aicha, now=now) == first
    models = (Mandate, PersonInOffice, Post, Organization)
    assert [model.objects.count() for model in models] == [1, 1, 1, 1]


def test_each_organisation_has_its_own_directory(
    valmont: Organisation, droits_debout: Organisation, aicha: User, claire: User, now: datetime
) -> None:
    add_decision_maker(owner=valmont, who=DIALLO, by=aicha, now=now)
    theirs = add_decision_maker(owner=droits_debout, who=DIALLO, by=claire, now=now)
    assert list(mandates_of(droits_debout, on=now.date())) == [theirs]


def test_P03_who_has_the_charge_comes_before_who_is_at_the_top(
    valmont: Organisation, aicha: User, now: datetime
) -> None:
    mayor = DecisionMaker(name="Anne Le Goff", post="maire", institution="Ville de Valmont")
    add_decision_maker(owner=valmont, who=mayor, by=aicha, now=now)
    add_decision_maker(owner=valmont, who=DIALLO, by=aicha, now=now)
    names = [mandate.person.name for mandate in mandates_of(valmont, on=now.date())]
    assert names == ["Khady Diallo", "Anne Le Goff"]


def test_a_mandate_that_ended_is_no_longer_proposed(
    valmont: Organisation, aicha: User, now: datetime
) -> None:
    mandate = add_decision_maker(owner=valmont, who=DIALLO, by=aicha, now=now)
    Mandate.objects.filter(pk=mandate.pk).update(end_date=date(2026, 9, 15))
    assert list(mandates_of(valmont, on=date(2026, 9, 15))) == [mandate]
    assert list(mandates_of(valmont, on=date(2026, 9, 16))) == []
