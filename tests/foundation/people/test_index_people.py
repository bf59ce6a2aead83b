"""The search entries say what is true, a moment after the gestures."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from levier.foundation.people.actions.consents import give_consent, withdraw_consent
from levier.foundation.people.actions.forgetting import erase
from levier.foundation.people.actions.indexing import index_people
from levier.foundation.people.enums import Channel, ContactState, Purpose
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.search import SearchEntry, SearchWords
from levier.foundation.people.queries.flags import agreed, any_agreement, reachable
from levier.foundation.people.queries.words import found_by
from levier.foundation.people.tasks.index_people import Indexer, index_everyone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.actions.withdraw import withdraw
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.marks import SIGNATURE_MARKS, Fact, mark
from tests.cast import make_signature, person_of
from tests.taking import form, slug_of, take

pytestmark = pytest.mark.django_db


def indexed(*people: Person) -> SearchEntry:
    index_people(person_ids=[person.pk for person in people], sources=[SIGNATURE_MARKS])
    return SearchEntry.objects.get(person=people[0])


def found(typed: str) -> set[str]:
    asked = found_by(typed)
    assert asked is not None
    return set(SearchWords.objects.filter(asked).values_list("person__first_name", flat=True))


def test_an_entry_says_where_a_person_stands(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas, "andre.martin@exemple.fr", confirmed_at=now)
    person = person_of(signature)
    Person.objects.filter(pk=person.pk).update(first_name="André", last_name="Martin")
    news = news_of(lilas.pk)
    give_consent(person=person, **news, wording="Oui", source="moi", now=now)
    entry = indexed(person)
    assert entry.organisation_id == person.organisation_id
    assert entry.name_key == "martin andre"
    assert entry.flags == agreed(Channel.EMAIL, Purpose.PETITION_NEWS) | reachable(Channel.EMAIL)
    assert mark(Fact.SIGNED, lilas.pk) in entry.marks
    assert mark(Fact.CONFIRMED) in entry.marks
    assert mark(Fact.BY_WEB) in entry.marks
    withdraw_consent(person=person, **news, wording="Non", source="moi", now=now)
    ContactPoint.objects.filter(person=person).update(state=ContactState.HARD)
    assert indexed(person).flags & (any_agreement() | reachable(Channel.EMAIL)) == 0


@pytest.mark.parametrize("length", range(1, len("martin-dupond") + 1))
def test_people_are_found_by_every_beginning_of_their_name(
    length: int, lilas: Petition, now: datetime
) -> None:
    martin, other = person_of(make_signature(lilas)), person_of(make_signature(lilas))
    Person.objects.filter(pk=martin.pk).update(first_name="Inès", last_name="Martin-Dupond")
    Person.objects.filter(pk=other.pk).update(first_name="Zoé", last_name="Bernard")
    indexed(martin, other)
    assert found("martin-dupond"[:length]) == {"Inès"}
    assert found(f"zo {'bernard'[:length]}") == {"Zoé"}


@pytest.mark.parametrize(
    "typed", ["andré mar", "MARTIN", "andre.mar@", "06 12 34", "+33 6 12", "3500", "dre-m", "neil"]
)
def test_people_are_found_as_one_types(typed: str, lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas, "andre.martin@exemple.fr")
    person = person_of(signature)
    Person.objects.filter(pk=person.pk).update(first_name="André", last_name="Martin-O’Neil")
    ContactPoint.objects.create(
        organisation=person.organisation, person=person, channel=Channel.PHONE,
        typed="+33 6 12 34 56 78", canonical="+33612345678", created_at=now,
    )  # fmt: skip
    other = person_of(make_signature(lilas, "zoe@exemple.org", postcode="75011"))
    Person.objects.filter(pk=other.pk).update(postcode="75011")
    indexed(person, other)
    assert found(typed) == (set() if typed == "dre-m" else {"André"})


def test_what_somebody_brought_is_marked_on_whose_link_it_was(lilas: Petition) -> None:
    jacques = make_signature(lilas)
    paul = make_signature(lilas, referred_by=jacques)
    index_people(person_ids=[person_of(paul).pk], sources=[SIGNATURE_MARKS])
    entry = SearchEntry.objects.get(person=person_of(jacques))
    assert mark(Fact.BROUGHT) in entry.marks
    assert mark(Fact.BROUGHT_3) not in entry.marks


def test_without_sources_the_marks_stay(lilas: Petition) -> None:
    person = person_of(make_signature(lilas))
    before = indexed(person).marks
    index_people(person_ids=[person.pk])
    assert SearchEntry.objects.get(person=person).marks == before != []


def test_nothing_is_left_of_a_person_erased(lilas: Petition, now: datetime) -> None:
    person = person_of(make_signature(lilas))
    indexed(person)
    erase(person=person, now=now)
    assert not SearchEntry.objects.exists()
    assert not SearchWords.objects.exists()
    index_people(person_ids=[person.pk], sources=[SIGNATURE_MARKS])
    assert not SearchEntry.objects.exists()


def test_an_entry_that_is_right_is_not_written_again(lilas: Petition) -> None:
    person = person_of(make_signature(lilas))
    indexed(person)
    before = xmin()
    indexed(person)
    assert xmin() == before


def xmin() -> Any:
    return SearchEntry.objects.extra(select={"x": "xmin::text"}).values_list("x", flat=True).get()


@pytest.mark.django_db(transaction=True)
def test_who_just_signed_is_found_and_who_withdrew_is_not_among_signatories(
    lilas: Petition, now: datetime
) -> None:
    indexer = Indexer(sources=[SIGNATURE_MARKS])
    take(slug_of(lilas), [form(n, first_name=f"Prénom{n}") for n in (1, 2, 3)])
    assert indexer.read() == 3
    assert indexer.read() == 0
    assert found("prénom2") == {"Prénom2"}
    two = SearchEntry.objects.get(person__first_name="Prénom2")
    assert mark(Fact.SIGNED, lilas.pk) in two.marks
    take(slug_of(lilas), [form(4)])
    assert indexer.read() == 1
    withdraw(
        signature_id=Signature.objects.get(person=two.person_id).pk, now=now + timedelta(days=1)
    )
    assert indexer.read() == 1
    two.refresh_from_db()
    assert mark(Fact.SIGNED, lilas.pk) not in two.marks
    assert two.last_at == now + timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_a_new_indexer_goes_on_where_the_last_one_was(lilas: Petition) -> None:
    take(slug_of(lilas), [form(n) for n in (1, 2)])
    assert Indexer(sources=[SIGNATURE_MARKS]).read() == 2
    SearchEntry.objects.all().delete()
    take(slug_of(lilas), [form(3)])
    assert Indexer(sources=[SIGNATURE_MARKS]).read() >= 1
    assert SearchEntry.objects.filter(name_key="tremblay paul").count() >= 1


def test_all_entries_can_be_made_again(lilas: Petition) -> None:
    people = [person_of(make_signature(lilas)) for _ in range(3)]
    assert index_everyone([SIGNATURE_MARKS]) == 3
    kept = list(SearchEntry.objects.order_by("pk").values())
    SearchEntry.objects.filter(person=people[0]).update(name_key="faux")
    SearchEntry.objects.filter(person=people[1]).delete()
    index_everyone([SIGNATURE_MARKS])
    assert list(SearchEntry.objects.order_by("pk").values()) == kept
