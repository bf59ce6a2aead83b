"""Two cards become one, and are parted again, to the last row."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from levier.foundation.accounts.models import User
from levier.foundation.messaging.actions.get_message import get_message
from levier.foundation.messaging.actions.unsubscribe import unsubscribe
from levier.foundation.messaging.enums import DeliveryState, Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.consents import give_consent, withdraw_consent
from levier.foundation.people.actions.indexing import index_people
from levier.foundation.people.actions.tags import find_or_make_tag, tag_people
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.errors import NotMergeable, NotPartable
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.merge import Merge
from levier.foundation.people.models.note import Note
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.search import SearchEntry, SearchWords
from levier.foundation.people.models.tag import PersonTag
from levier.foundation.people.queries.agreements import agreements_of
from levier.foundation.people.queries.everything import everything_about
from levier.foundation.people.queries.timeline import activities_of, cards_of
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.confirm import confirm
from levier.gathering.signing.actions.erase import erase
from levier.gathering.signing.actions.merging import merge_people, part_people
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.marks import SIGNATURE_MARKS
from levier.gathering.signing.queries.mine import signatures_of
from levier.gathering.signing.queries.tally import discrepancies
from levier.gathering.signing.rules.links import (
    confirmation_token,
    mailbox_from_token,
    my_token,
    signature_from_token,
)
from tests.cast import make_campaign, make_petition, make_signature, person_of
from tests.taking import form, slug_of, take

pytestmark = pytest.mark.django_db
NEWS = {"channel": Channel.EMAIL, "purpose": Purpose.PETITION_NEWS, "scope": "petition:1"}
CALLS = {"channel": Channel.PHONE, "purpose": Purpose.CONTINUE}
POST = {"channel": Channel.POST, "purpose": Purpose.CONTINUE}
ROWS = (
    Person, ContactPoint, ConsentState, Consent, PersonTag, Note, SearchEntry, SearchWords,
    Signature, ReferralCode, Comment,
)  # fmt: skip


def everything() -> dict[str, list[Any]]:
    """Every row that a merge may move, and the figures of each petition."""
    kept = {model.__name__: list(model._default_manager.order_by("pk").values()) for model in ROWS}
    figures = ("petition_id", "last_number", "counted", "confirmed", "held")
    return {**kept, "Tally": list(Tally.objects.order_by("pk").values(*figures))}


@pytest.fixture
def other(lilas: Petition, aicha: User) -> Petition:
    return make_petition(make_campaign(lilas.campaign.organisation), aicha, slug="autre")


@pytest.fixture
def twins(lilas: Petition, other: Petition, aicha: User, now: datetime) -> tuple[Person, Person]:
    """Camille twice: both signed « Lilas », one of them « autre » too."""
    first = make_signature(lilas, "camille@exemple.fr", signed_at=now - timedelta(days=9))
    second = make_signature(lilas, "c.roche@travail.example", confirmed_at=now)
    make_signature(lilas, "paul@exemple.fr", referred_by=second)
    kept, merged = person_of(first), person_of(second)
    elsewhere = make_signature(other, "z@exemple.fr")
    Signature.objects.filter(pk=elsewhere.pk).update(person=merged)
    Person.objects.filter(pk=kept.pk).update(postcode="")
    for person, words in ((kept, "Parce que oui."), (merged, "Pour mes enfants.")):
        Comment.objects.create(
            petition=lilas, person=person, text=words, state="published", created_at=now
        )
    Comment.objects.create(petition=other, person=merged, text="Vite, vite.", created_at=now)
    give_consent(person=kept, **NEWS, wording="Oui, kept", source="signature:1", now=now)
    give_consent(person=merged, **NEWS, wording="Oui, merged", source="moi", now=now)
    withdraw_consent(person=merged, **NEWS, wording="Non", source="moi", now=now)
    give_consent(person=merged, **CALLS, wording="Appelez-moi", source="signature:2", now=now)
    withdraw_consent(person=kept, **POST, wording="Pas de papier", source="moi", now=now)
    give_consent(person=merged, **POST, wording="Écrivez-moi", source="moi", now=now)
    both = find_or_make_tag(organisation=kept.organisation, name="presse", now=now)
    one = find_or_make_tag(organisation=kept.organisation, name="bénévole", now=now)
    tag_people(tag=both, person_ids=[kept.pk, merged.pk], by=aicha, now=now)
    tag_people(tag=one, person_ids=[merged.pk], by=aicha, now=now)
    Note.objects.create(person=merged, text="Tient un café.", by=aicha, at=now)
    everyone = list(Person.objects.values_list("pk", flat=True))
    index_people(person_ids=everyone, sources=[SIGNATURE_MARKS])
    kept.refresh_from_db()
    merged.refresh_from_db()
    return kept, merged


def test_P12_of_two_signatures_of_one_petition_one_counts(
    twins: tuple[Person, Person], lilas: Petition, other: Petition, aicha: User, now: datetime
) -> None:
    kept, merged = twins
    merge_people(kept=kept, merged=merged, by=aicha, now=now)
    tally = Tally.objects.get(petition=lilas)
    assert (tally.counted, tally.confirmed, tally.last_number) == (2, 1, 3)
    states = dict(Signature.objects.filter(person=kept).values_list("number", "state"))
    mine = Signature.objects.filter(person=kept, petition=lilas).order_by("number")
    assert [(s.number, s.state, s.reason) for s in mine] == [
        (1, SignatureState.WITHDRAWN, HoldReason.MERGED),
        (2, SignatureState.COUNTED, HoldReason.NONE),  # the confirmed one is the better
    ]
    assert states
    assert Signature.objects.get(petition=other).person_id == kept.pk
    assert not Signature.objects.filter(person=merged).exists()
    assert discrepancies() == []


def test_everything_follows_and_the_stricter_agreement_holds(
    twins: tuple[Person, Person], aicha: User, now: datetime
) -> None:
    kept, merged = twins
    merge_people(kept=kept, merged=merged, by=aicha, now=now + timedelta(hours=1))
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert merged.merged_into_id == kept.pk
    assert kept.postcode == "35000"  # a blank is filled
    assert not ContactPoint.objects.filter(person=merged).exists()
    assert ContactPoint.objects.filter(person=kept).count() == 2
    assert {t.tag.name for t in PersonTag.objects.filter(person=kept)} == {"presse", "bénévole"}
    assert Note.objects.get().person_id == kept.pk
    given = {(a.channel, a.purpose): (a.given, a.wording) for a in agreements_of(kept)}
    assert given[Channel.EMAIL, Purpose.PETITION_NEWS][0] is False
    assert given[Channel.PHONE, Purpose.CONTINUE] == (True, "Appelez-moi")
    assert given[Channel.POST, Purpose.CONTINUE] == (False, "Pas de papier")
    state = {(s.channel, s.purpose): s.given for s in ConsentState.objects.filter(person=kept)}
    assert state == {key: value for key, (value, _) in given.items()}
    assert not SearchEntry.objects.filter(person=merged).exists()
    told = [a.kind for a in activities_of(cards_of(kept))]
    assert told.count("tagged") == 3
    assert "merged" in told
    assert len(everything_about(kept)["fiches réunies à celle-ci"]) == 1


def test_undoing_restores_every_row(
    twins: tuple[Person, Person], aicha: User, now: datetime
) -> None:
    kept, merged = twins
    before = everything()
    merge = merge_people(kept=kept, merged=merged, by=aicha, now=now + timedelta(hours=1))
    assert everything() != before
    part_people(merge=merge, by=aicha, now=now + timedelta(hours=2))
    after = everything()
    for name, rows in before.items():
        assert after[name] == rows, name
    assert discrepancies() == []
    with pytest.raises(NotPartable):
        part_people(merge=merge, by=aicha, now=now)


def test_the_other_way_round_restores_too(
    twins: tuple[Person, Person], aicha: User, now: datetime
) -> None:
    merged, kept = twins
    before = everything()
    merge = merge_people(kept=kept, merged=merged, by=aicha, now=now + timedelta(hours=1))
    part_people(merge=merge, by=aicha, now=now + timedelta(hours=2))
    assert everything() == before


@pytest.mark.parametrize("state", ["held", "rejected", "pending", "withdrawn"])
def test_a_signature_in_any_state_comes_back_as_it_was(
    state: str, lilas: Petition, aicha: User, now: datetime
) -> None:
    kept = person_of(make_signature(lilas))
    merged = person_of(make_signature(lilas, state=state))
    before = everything()
    merge = merge_people(kept=kept, merged=merged, by=aicha, now=now)
    assert Tally.objects.get().counted == 1
    assert discrepancies() == []
    part_people(merge=merge, by=aicha, now=now)
    after = everything()
    assert after["Signature"] == before["Signature"]
    assert after["Tally"] == before["Tally"]


def test_merges_in_a_row_are_undone_the_last_first(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    a, b, c = (person_of(make_signature(lilas)) for _ in range(3))
    before = everything()
    first = merge_people(kept=b, merged=a, by=aicha, now=now)
    middle = everything()
    second = merge_people(kept=c, merged=b, by=aicha, now=now)
    assert set(cards_of(c)) == {a.pk, b.pk, c.pk}
    assert Tally.objects.get().counted == 1
    with pytest.raises(NotPartable):
        part_people(merge=first, by=aicha, now=now)
    part_people(merge=second, by=aicha, now=now)
    for name in ("Person", "Signature", "Tally", "ContactPoint"):
        assert everything()[name] == middle[name]
    part_people(merge=first, by=aicha, now=now)
    for name in ("Person", "Signature", "Tally", "ContactPoint"):
        assert everything()[name] == before[name]


def test_J5_the_stricter_word_is_looked_for_petition_by_petition(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    kept, merged = (person_of(make_signature(lilas)) for _ in range(2))
    other_news = {**NEWS, "scope": "petition:2"}
    give_consent(person=kept, **NEWS, wording="Oui", source="moi", now=now)
    give_consent(person=kept, **other_news, wording="Oui", source="moi", now=now)
    withdraw_consent(person=merged, **other_news, wording="Non", source="moi", now=now)
    before = list(ConsentState.objects.order_by("person", "scope").values("scope", "given", "at"))
    merge = merge_people(kept=kept, merged=merged, by=aicha, now=now + timedelta(hours=1))
    states = ConsentState.objects.filter(person=kept)
    assert dict(states.values_list("scope", "given")) == {"petition:1": True, "petition:2": False}
    part_people(merge=merge, by=aicha, now=now + timedelta(hours=2))
    after = ConsentState.objects.order_by("person", "scope").values("scope", "given", "at")
    assert list(after) == before


def test_an_agreement_withdrawn_meanwhile_is_withdrawn_on_both(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    kept, merged = (person_of(make_signature(lilas)) for _ in range(2))
    for person in (kept, merged):
        give_consent(person=person, **NEWS, wording="Oui", source="moi", now=now)
    merge = merge_people(kept=kept, merged=merged, by=aicha, now=now + timedelta(hours=1))
    later = now + timedelta(hours=2)
    assert unsubscribe(person=merged.pk, purpose=Purpose.PETITION_NEWS, now=later)  # an old link
    assert not ConsentState.objects.get(person=kept).given
    part_people(merge=merge, by=aicha, now=now + timedelta(hours=3))
    assert not ConsentState.objects.filter(given=True).exists()


def test_who_signed_again_meanwhile_keeps_that_signature(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    first, second = make_signature(lilas), make_signature(lilas)
    kept, merged = person_of(first), person_of(second)
    merge = merge_people(kept=kept, merged=merged, by=aicha, now=now)
    assert Signature.objects.get(state=SignatureState.WITHDRAWN).pk == second.pk
    make_signature(lilas, "encore@exemple.fr")
    Signature.objects.filter(contact_point__typed="encore@exemple.fr").update(person=None)
    part_people(merge=merge, by=aicha, now=now)
    assert Tally.objects.get().counted == 3
    assert discrepancies() == []


def test_P64_erasing_leaves_nothing_of_either_card(
    twins: tuple[Person, Person], aicha: User, now: datetime
) -> None:
    kept, merged = twins
    merge_people(kept=kept, merged=merged, by=aicha, now=now)
    point = ContactPoint.objects.filter(person=kept).first()
    assert point is not None
    erase(contact_point=point, withdraw_too=False, now=now)
    for person in (kept, merged):
        person.refresh_from_db()
        assert (person.first_name, person.erased_at) == ("", now)
    assert not Merge.objects.exists()
    assert not Consent.objects.filter(person__in=[kept, merged]).exists()
    assert not Comment.objects.filter(person__in=[kept, merged]).exists()
    assert Tally.objects.filter(counted__gte=2).count() == 1


def test_two_of_different_organisations_are_never_one(
    lilas: Petition, claire: User, aicha: User, droits_debout: Any, now: datetime
) -> None:
    theirs = make_petition(make_campaign(droits_debout), claire, slug="autre")
    with pytest.raises(NotMergeable):
        merge_people(
            kept=person_of(make_signature(lilas)),
            merged=person_of(make_signature(theirs)),
            by=aicha,
            now=now,
        )


def test_links_sent_before_open_the_card_that_was_kept(
    lilas: Petition, other: Petition, aicha: User, now: datetime
) -> None:
    kept = person_of(make_signature(lilas, "a@exemple.fr"))
    signature = make_signature(other, "b@exemple.fr")
    mailbox, merged = signature.contact_point, person_of(signature)
    assert mailbox is not None
    page, confirmation = my_token(mailbox.pk, now=now), confirmation_token(signature, now=now)
    merge_people(kept=kept, merged=merged, by=aicha, now=now)
    assert mailbox_from_token(page, now=now).person_id == kept.pk
    assert {mine.signature.petition_id for mine in signatures_of(kept)} == {lilas.pk, other.pk}
    assert signature_from_token(confirmation, now=now).person_id == kept.pk
    confirm(signature_id=signature.pk, now=now)
    assert Tally.objects.get(petition=other).confirmed == 1


def test_what_waits_leaves_once_and_only_with_the_kept_card_s_agreement(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    signatures = [make_signature(lilas) for _ in range(2)]
    kept, merged = (person_of(signature) for signature in signatures)
    for person in (kept, merged):
        give_consent(person=person, **NEWS, wording="Oui", source="moi", now=now)
    message = get_message(
        organisation=kept.organisation, template="signing/thanks", source="petition:1",
        lane=Lane.BULK, purpose=Purpose.PETITION_NEWS, context={}, now=now,
        expires_after=timedelta(days=9),
    )  # fmt: skip
    for signature, source in zip((*signatures, signatures[1]), ("n1", "n1", "n2"), strict=True):
        Delivery.objects.create(
            message=message, person=person_of(signature), source=source,
            contact_point_id=signature.contact_point_id or 0,
            lane=Lane.BULK, not_before=now, expires_at=now + timedelta(days=9),
            created_at=now,
        )  # fmt: skip
    merge = merge_people(kept=kept, merged=merged, by=aicha, now=now)
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED)
    assert {(one.person_id, one.source) for one in waiting} == {(kept.pk, "n1"), (kept.pk, "n2")}
    part_people(merge=merge, by=aicha, now=now)
    assert {(one.person_id, one.source) for one in waiting.all()} == {
        (kept.pk, "n1"), (merged.pk, "n2"),
    }  # fmt: skip


def together(*gestures: Callable[[], Any]) -> list[BaseException]:
    """Run all at once, each with a connection of its own; what they raised."""
    raised: list[BaseException] = []
    start = threading.Barrier(len(gestures))

    def run(gesture: Callable[[], Any]) -> None:
        start.wait(10)
        try:
            gesture()
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(gesture,)) for gesture in gestures]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_make_one(lilas: Petition, aicha: User, now: datetime) -> None:
    one, two = (person_of(make_signature(lilas)) for _ in range(2))
    raised = together(
        lambda: merge_people(kept=one, merged=two, by=aicha, now=now),
        lambda: merge_people(kept=two, merged=one, by=aicha, now=now),
    )
    assert [type(error) for error in raised] == [NotMergeable]
    assert Merge.objects.count() == 1
    assert Tally.objects.get().counted == 1
    assert discrepancies() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(6))
def test_merging_while_the_person_signs_counts_them_once(
    turn: int, lilas: Petition, aicha: User, now: datetime
) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), aicha, slug="autre")
    signature = make_signature(lilas, "camille@exemple.fr")
    kept, merged = person_of(signature), person_of(make_signature(lilas, "c.roche@exemple.fr"))
    slug = slug_of(other)
    gestures = [
        lambda: take(slug, [form(email="camille@exemple.fr")]),
        lambda: take(slug, [form(email="c.roche@exemple.fr")]),
        lambda: merge_people(kept=kept, merged=merged, by=aicha, now=now),
    ]
    assert together(*gestures) == []
    connection.close()
    standing = Signature.objects.exclude(state=SignatureState.WITHDRAWN)
    assert not Signature.objects.filter(person=merged).exists()
    assert standing.filter(petition=other).count() == 1
    assert standing.filter(petition=lilas).count() == 1
    assert discrepancies() == []
