"""Numbers, repeats and what a signature writes, through the real intake."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.enums import CountPolicy
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.foundation.ledger.queries import verify_chain
from levier.foundation.ledger.rules import opens
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.numbering import number_signatures
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.intake.form import parse_signature
from levier.gathering.signing.intake.place import Place
from levier.gathering.signing.intake.queue import Intake
from levier.gathering.signing.intake.rows import Answer, SignatureInput
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from levier.gathering.signing.rules.facts import signature_facts
from tests.cast import NOW, make_campaign, make_petition
from tests.taking import Outcome, form, slug_of, submit_all, take, with_intake

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)


def numbers(outcomes: list[Outcome]) -> list[int | None]:
    assert all(isinstance(outcome, Answer) for outcome in outcomes)
    return [outcome.number for outcome in outcomes if isinstance(outcome, Answer)]


def row_of(place: Place, n: int) -> SignatureInput:
    return parse_signature(form(n), place)


def kinds() -> Counter[str]:
    return Counter(Activity.objects.values_list("kind", flat=True))


def test_P12_fifty_at_once_get_contiguous_numbers(lilas: Petition) -> None:
    given = numbers(take(slug_of(lilas), [form(n) for n in range(1, 501)]))
    assert sorted(number for number in given if number) == list(range(1, 501))
    stored = Signature.objects.values_list("contact_point__typed", "number")
    assert {f"personne{n}@exemple.fr": number for n, number in enumerate(given, 1)} == dict(stored)
    tally = Tally.objects.get(petition=lilas)
    assert (tally.last_number, tally.counted, tally.confirmed, tally.held) == (500, 500, 0, 0)
    assert discrepancies() == []


def test_P12_two_processes_share_one_sequence(lilas: Petition) -> None:
    """Two intakes, as two web processes: each has its own connections and knows no other."""

    async def race(one: Intake, place: Place) -> list[Outcome]:
        two = Intake(rate_limits=False, clock=one.clock)
        await two.start()
        rows = [row_of(place, n) for n in range(1, 401)]
        try:
            halves = await asyncio.gather(submit_all(one, rows[::2]), submit_all(two, rows[1::2]))
        finally:
            await two.stop()
        return [*halves[0], *halves[1]]

    given = numbers(with_intake(slug_of(lilas), race, now=NOW))
    assert sorted(number for number in given if number) == list(range(1, 401))
    assert verify_chain(lilas.campaign.organisation_id) is None


def test_P14_a_signature_is_counted_at_once_with_all_it_brings(lilas: Petition) -> None:
    (answer,) = take(slug_of(lilas), [form(show_name="on")])
    assert isinstance(answer, Answer)
    signature = Signature.objects.select_related("person", "contact_point").get()
    assert (signature.number, signature.state) == (1, SignatureState.COUNTED)
    assert (signature.first_name, signature.last_name) == ("Paul", "Tremblay")
    assert (signature.postcode, signature.country, signature.show_name) == ("35000", "FR", True)
    assert (signature.version_id, signature.signed_at) == (lilas.version_id, NOW)
    assert signature.person is not None
    assert signature.person.organisation_id == lilas.campaign.organisation_id
    assert signature.contact_point is not None
    assert signature.contact_point.typed == "paul@exemple.fr"
    assert ReferralCode.objects.get(code=answer.code).signature_id == signature.pk
    activity = Activity.objects.get()
    assert (activity.kind, activity.person_id) == (ActivityKind.SIGNED, signature.person_id)
    assert activity.subject == f"signature:{signature.pk}"


def test_P15_under_confirmed_the_number_comes_later(lilas: Petition, aicha: User) -> None:
    Petition.objects.filter(pk=lilas.pk).update(count_policy=CountPolicy.CONFIRMED)
    assert numbers(take(slug_of(lilas), [form(1), form(2)])) == [None, None]
    assert {s.state for s in Signature.objects.all()} == {SignatureState.PENDING}
    assert Tally.objects.get(petition=lilas).last_number == 0
    assert Entry.objects.count() == 0
    first, second = Signature.objects.order_by("pk")
    Signature.objects.filter(pk=second.pk).update(confirmed_at=LATER)
    ids = [second.pk, first.pk]
    given = number_signatures(petition=lilas, signature_ids=ids, now=LATER)
    assert given == {second.pk: 1, first.pk: 2}
    assert number_signatures(petition=lilas, signature_ids=ids, now=LATER) == {}
    tally = Tally.objects.get(petition=lilas)
    assert (tally.last_number, tally.counted, tally.confirmed) == (2, 2, 1)
    assert verify_chain(lilas.campaign.organisation_id) is None
    assert discrepancies() == []


def test_P17_a_repeat_shows_the_next_number_and_consumes_none(lilas: Petition) -> None:
    slug = slug_of(lilas)
    assert numbers(take(slug, [form(n) for n in range(1, 4)])) == [1, 2, 3]
    assert numbers(take(slug, [form(1)], now=LATER)) == [4]
    assert numbers(take(slug, [form(9)], now=LATER)) == [4]
    tally = Tally.objects.get(petition=lilas)
    assert (tally.last_number, tally.counted) == (4, 4)
    assert kinds() == {ActivityKind.SIGNED: 4, ActivityKind.SIGNED_AGAIN: 1}
    again = Activity.objects.get(kind=ActivityKind.SIGNED_AGAIN)
    first = Signature.objects.get(number=1)
    assert again.subject == f"signature:{first.pk}"


def test_P45_a_repeat_gets_a_fresh_code_to_the_same_signature(lilas: Petition) -> None:
    slug = slug_of(lilas)
    first, again = take(slug, [form()])[0], take(slug, [form()], now=LATER)[0]
    assert isinstance(first, Answer)
    assert isinstance(again, Answer)
    assert first.code != again.code
    assert ReferralCode.objects.values_list("signature", flat=True).distinct().count() == 1


def test_P45_a_code_says_who_brought_whom(lilas: Petition, aicha: User) -> None:
    slug = slug_of(lilas)
    (jacques,) = take(slug, [form(1)])
    assert isinstance(jacques, Answer)
    other = make_petition(make_campaign(lilas.campaign.organisation), aicha, "autre")
    take(slug, [form(2, ref=jacques.code), form(3, ref="zzzzzzzz")])
    take(slug_of(other), [form(4, ref=jacques.code)])
    brought = Signature.objects.filter(referred_by__number=1).values_list("number", flat=True)
    assert list(brought) == [2]


def test_P19_a_folded_address_is_the_same_person(lilas: Petition) -> None:
    slug = slug_of(lilas)
    take(slug, [form(email="paul.t@gmail.com")])
    take(slug, [form(email="Paul.T+x@googlemail.com")], now=LATER)
    assert (Signature.objects.count(), Person.objects.count()) == (1, 1)


def test_P21_what_is_known_of_a_person_is_never_overwritten(lilas: Petition, aicha: User) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), aicha, "autre")
    take(slug_of(lilas), [form()])
    take(slug_of(other), [form(first_name="Pol", postal_code="75001", email="PAUL@exemple.fr")])
    person = Person.objects.get()
    assert (person.first_name, person.postcode) == ("Paul", "35000")
    assert ContactPoint.objects.get().typed == "paul@exemple.fr"
    assert Signature.objects.get(petition=other).first_name == "Pol"


def test_P22_signing_after_a_withdrawal_is_a_new_number(lilas: Petition) -> None:
    slug = slug_of(lilas)
    take(slug, [form(1), form(2)])
    Signature.objects.filter(number=1).update(state=SignatureState.WITHDRAWN)
    Tally.objects.filter(petition=lilas).update(counted=1)
    assert numbers(take(slug, [form(1)], now=LATER)) == [3]
    assert Signature.objects.filter(person__isnull=False).count() == 3


def test_P23_the_same_post_twice_at_once_is_one_signature_and_one_mail(lilas: Petition) -> None:
    slug = slug_of(lilas)
    assert numbers(take(slug, [form(1), form(2), form(1), form(1)])) == [1, 2, 1, 1]
    assert numbers(take(slug, [form(1)], now=NOW + timedelta(seconds=3))) == [1]
    assert Signature.objects.count() == 2
    assert kinds() == {ActivityKind.SIGNED: 2}
    assert ReferralCode.objects.count() == 5


def test_P17_two_addresses_of_one_person_in_one_batch_are_one_signature(
    lilas: Petition, aicha: User
) -> None:
    take(slug_of(lilas), [form(1)])
    person = Person.objects.get()
    ContactPoint.objects.create(
        organisation=person.organisation, person=person, channel="email", created_at=NOW,
        typed="personne2@exemple.fr", canonical="personne2@exemple.fr",
    )  # fmt: skip
    other = make_petition(lilas.campaign, aicha, "autre")
    shown = numbers(take(slug_of(other), [form(1), form(2), form(3)]))
    signed = Signature.objects.filter(petition=other)
    assert Tally.objects.get(petition=other).counted == signed.count() == 2
    assert signed.filter(person=person).count() == 1
    assert sorted(n for n in shown if n) == [1, 1, 2]
    assert verify_chain(person.organisation_id) is None


def test_the_log_attests_each_number_and_opens_for_its_owner(lilas: Petition) -> None:
    take(slug_of(lilas), [form(n) for n in range(1, 31)])
    assert verify_chain(lilas.campaign.organisation_id) is None
    entries = {entry.seq: bytes(entry.leaf) for entry in Entry.objects.all()}
    assert len(entries) == 30
    for signature in Signature.objects.select_related("contact_point"):
        leaf = entries[signature.number or 0]
        assert leaf[:2] == bytes((1, EntryKind.SIGNATURE))
        assert leaf[2:18] == lilas.uuid.bytes
        assert int.from_bytes(leaf[18:26]) == signature.number
        assert signature.contact_point is not None
        facts = signature_facts(
            email=signature.contact_point.canonical,
            first_name=signature.first_name,
            last_name=signature.last_name,
            postcode=signature.postcode,
            country=signature.country,
            petition=lilas.uuid,
        )
        assert opens(leaf, salt=bytes(signature.salt or b""), facts=facts)
        assert not opens(leaf, salt=bytes(signature.salt or b""), facts={**facts, "email": "x"})


def test_petitions_signed_together_have_each_their_numbers(lilas: Petition, aicha: User) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), aicha, "autre")

    async def mixed(intake: Intake, place: Place) -> list[Outcome]:
        elsewhere = await intake.place_at("autre")
        assert elsewhere is not None
        rows = [row_of((place, elsewhere)[n % 2], n) for n in range(1, 61)]
        return await submit_all(intake, rows)

    with_intake(slug_of(lilas), mixed, now=NOW)
    for petition in (lilas, other):
        found = Signature.objects.filter(petition=petition).order_by("number")
        assert list(found.values_list("number", flat=True)) == list(range(1, 31))
    assert Entry.objects.count() == 60
    assert verify_chain(lilas.campaign.organisation_id) is None
