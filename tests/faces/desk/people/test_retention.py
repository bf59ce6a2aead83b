"""People nothing is left of are forgotten on a clock, and the page tells when."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.models.person import Person
from levier.foundation.people.models.retention import Retention
from levier.foundation.people.models.search import SearchEntry
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.actions.anonymise_due import anonymise_due
from levier.gathering.signing.actions.forget_due import forget_due
from levier.gathering.signing.models.signature import Signature
from tests.cast import make_signature, person_of
from tests.faces.desk.people.conftest import Index, SeatedAt

pytestmark = pytest.mark.django_db
PAGE = "/tableau-de-bord/soutiens/conservation/"


@pytest.fixture
def four(lilas: Petition, index: Index, now: datetime) -> dict[str, Person]:
    """Nothing left of « alone »; the others agreed, signed, or are recent."""
    old = now - timedelta(days=900)
    people = {}
    for name in ("alone", "agreed", "signed", "recent"):
        people[name] = person_of(make_signature(lilas, f"{name}@exemple.fr"))
        Person.objects.filter(pk=people[name].pk).update(
            created_at=now if name == "recent" else old, first_name=name
        )
    news = news_of(lilas.pk)
    give_consent(person=people["agreed"], **news, wording="Oui", source="moi", now=old)
    Signature.objects.exclude(person=people["signed"]).update(person=None)
    Comment.objects.create(
        petition=lilas, person=people["alone"], shown_name="Alone A.", text="Vive le vélo.",
        state="published", created_at=old,
    )  # fmt: skip
    index()
    return people


def alive() -> set[str]:
    return set(Person.objects.filter(erased_at=None).values_list("first_name", flat=True))


def test_only_those_nothing_is_left_of_are_forgotten(
    four: dict[str, Person], valmont: Organisation, now: datetime
) -> None:
    assert forget_due(organisation_id=valmont.pk, now=now) == 1
    assert alive() == {"agreed", "signed", "recent"}
    assert not SearchEntry.objects.filter(person=four["alone"]).exists()
    assert Comment.objects.get().shown_name == ""
    assert forget_due(organisation_id=valmont.pk, now=now) == 0


def test_the_entry_may_be_late_and_nobody_is_forgotten_by_mistake(
    four: dict[str, Person], valmont: Organisation, now: datetime
) -> None:
    Signature.objects.filter(person=None).update(person=four["alone"], state="withdrawn")
    assert forget_due(organisation_id=valmont.pk, now=now) == 0


def test_the_clock_is_the_organisation_s(
    four: dict[str, Person], valmont: Organisation, now: datetime
) -> None:
    Retention.objects.create(organisation=valmont, months=36, changed_at=now)
    assert forget_due(organisation_id=valmont.pk, now=now) == 0
    Retention.objects.update(months=1)
    later = now + timedelta(days=40)
    assert forget_due(organisation_id=valmont.pk, now=later) == 2
    assert alive() == {"agreed", "signed"}


def test_it_goes_by_batches(four: dict[str, Person], valmont: Organisation, now: datetime) -> None:
    Retention.objects.create(organisation=valmont, months=1, changed_at=now)
    later = now + timedelta(days=40)
    done = [forget_due(organisation_id=valmont.pk, now=later, at_most=1) for _ in range(3)]
    assert done == [1, 1, 0]


def test_P63_who_stays_signed_nothing_any_more(
    lilas: Petition, index: Index, now: datetime
) -> None:
    person = person_of(make_signature(lilas))
    news = news_of(lilas.pk)
    give_consent(person=person, **news, wording="Oui", source="moi", now=now)
    index()
    assert SearchEntry.objects.get().marks != []
    Petition.objects.filter(pk=lilas.pk).update(closed_at=now - timedelta(days=400))
    anonymise_due(now=now)
    assert SearchEntry.objects.get().marks == []


def test_the_page_tells_what_goes_when(
    four: dict[str, Person], lilas: Petition, seat: SeatedAt, aicha: User, hugo: User, now: datetime
) -> None:
    Petition.objects.filter(pk=lilas.pk).update(closes_at=now + timedelta(days=10))
    context: Any = seat(aicha).get(PAGE).context
    assert sum(one.people for one in context["people"]) >= 1
    assert [one.title for one in context["petitions"]] == ["Une piste cyclable rue des Lilas"]
    assert context["months"] == 24
    page = seat(hugo).get(PAGE).text
    assert "24 mois" in page.replace("\u00a0", " ")
    assert 'name="months"' not in page


def test_an_owner_sets_it_and_a_campaigner_does_not(
    seat: SeatedAt, aicha: User, hugo: User, valmont: Organisation
) -> None:
    owner = seat(aicha)
    assert owner.post(PAGE, {"months": "12"}).status_code == 302
    assert Retention.objects.get().months == 12
    response = owner.post(PAGE, {"months": "48"})
    assert response.status_code == 422
    assert 'value="48"' in response.text
    assert seat(hugo).post(PAGE, {"months": "6"}).status_code == 403
    assert Retention.objects.get().months == 12
