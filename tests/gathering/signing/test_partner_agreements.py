"""A partner's own list beside ours: agreed to apart, withdrawn by its owner, handed over once
confirmed, and noted."""

from datetime import timedelta
from typing import Any

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.confirm import confirm
from levier.gathering.signing.actions.disown import disown
from levier.gathering.signing.actions.erase import erase
from levier.gathering.signing.actions.partner_agreements import (
    hand_over,
    withdraw_partner_agreement,
    withdraw_partner_agreements,
)
from levier.gathering.signing.actions.withdraw import withdraw
from levier.gathering.signing.models.partner_agreement import PartnerAgreement
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.mine import file_of
from levier.gathering.signing.queries.partner_agreements import exported_agreements, partners_of
from tests.cast import NOW, make_petition, make_signature, person_of
from tests.taking import form, slug_of, take

SENTENCE = "J’accepte que Rue pour tous m’écrive au sujet de ses actions."


def make_partner(petition: Petition, slug: str = "rue", **fields: Any) -> Partner:
    given = {"name": "Rue pour tous", "sentence": SENTENCE, "created_at": NOW, **fields}
    return Partner.objects.create(petition=petition, slug=slug, **given)


def agree(partner: Partner, *, confirmed: bool = True, **fields: Any) -> PartnerAgreement:
    at = NOW if confirmed else None
    signature = make_signature(partner.petition, confirmed_at=at, **fields)
    return PartnerAgreement.objects.create(
        partner=partner, signature=signature, wording=SENTENCE, at=NOW
    )


def exported(partner: Partner) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[3])) for row in exported_agreements(partner)]


@pytest.mark.django_db(transaction=True)
def test_P9_the_box_is_written_with_its_words_and_nothing_else(lilas: Petition) -> None:
    partner = make_partner(lilas)
    take(
        slug_of(lilas),
        [
            form(1, par="rue", consent_partner="on"),
            form(2, par="rue"),
            form(3, consent_partner="on"),
            form(4, par="rue", consent_partner="on", website="x"),
            form(
                5, par="rue", consent_partner="on", consent_updates="on", comment="Parce que oui."
            ),
        ],
    )
    rows = PartnerAgreement.objects.select_related("signature__contact_point").order_by("pk")
    told = [(r.partner, r.wording, getattr(r.signature.contact_point, "typed", "")) for r in rows]
    assert told == [
        (partner, SENTENCE, "personne1@exemple.fr"),
        (partner, SENTENCE, "personne5@exemple.fr"),
    ]
    assert Consent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_P21_a_repeat_agrees_to_nothing_in_its_owner_s_name(lilas: Petition) -> None:
    make_partner(lilas)
    take(slug_of(lilas), [form(1)])
    take(slug_of(lilas), [form(1, par="rue", consent_partner="on")], now=NOW + timedelta(hours=1))
    assert not PartnerAgreement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_ended_partner_or_another_petition_s_has_no_box(lilas: Petition, aicha: User) -> None:
    other = make_petition(lilas.campaign, aicha, slug="autre")
    make_partner(lilas, ended_at=NOW)
    make_partner(other, slug="ailleurs")
    take(slug_of(lilas), [form(1, par="rue", consent_partner="on")])
    take(slug_of(lilas), [form(2, par="ailleurs", consent_partner="on")])
    assert Signature.objects.count() == 2
    assert not PartnerAgreement.objects.exists()


@pytest.mark.django_db
def test_P65_only_confirmed_owners_who_agreed_are_handed_over_and_it_is_noted(
    lilas: Petition, hugo: User
) -> None:
    partner, other = make_partner(lilas), make_partner(lilas, slug="velo", name="Vélo")
    kept = agree(partner)
    agree(partner, confirmed=False)
    agree(partner, state="rejected")
    agree(other)
    make_signature(lilas, confirmed_at=NOW)
    assert hand_over(partner=partner, by=hugo, now=NOW) == 1
    point = kept.signature.contact_point
    assert point is not None
    assert exported(partner) == [("donné", point.typed)]
    told = Activity.objects.get(kind=ActivityKind.EXPORTED)
    assert (told.subject, told.data) == (f"partner:{partner.pk}", {"by": hugo.pk, "rows": 1})
    leaves = [bytes(e.leaf) for e in Entry.objects.filter(kind=EntryKind.AUDIT)]
    assert sum(b"hand_over" in leaf for leaf in leaves) == 1


@pytest.mark.django_db
def test_who_changes_their_mind_is_told_to_the_partner(lilas: Petition, hugo: User) -> None:
    partner = make_partner(lilas)
    leaving, never_given = agree(partner), agree(partner, confirmed=False)
    hand_over(partner=partner, by=hugo, now=NOW)
    for agreement in (leaving, never_given):
        person = person_of(agreement.signature)
        assert withdraw_partner_agreement(person=person, agreement_id=agreement.pk, now=NOW)
    point = leaving.signature.contact_point
    assert point is not None
    assert exported(partner) == [("retiré\u00a0: à effacer de votre liste", point.typed)]
    assert hand_over(partner=partner, by=hugo, now=NOW) == 0


@pytest.mark.django_db
def test_nobody_withdraws_for_another(lilas: Petition) -> None:
    partner = make_partner(lilas)
    mine, theirs = agree(partner), agree(partner)
    person = person_of(mine.signature)
    assert not withdraw_partner_agreement(person=person, agreement_id=theirs.pk, now=NOW)
    theirs.refresh_from_db()
    assert theirs.withdrawn_at is None


@pytest.mark.django_db
def test_P27_withdrawing_twice_is_once(lilas: Petition) -> None:
    agreement = agree(make_partner(lilas))
    person = person_of(agreement.signature)
    for later in (0, 1):
        at = NOW + timedelta(days=later)
        assert withdraw_partner_agreement(person=person, agreement_id=agreement.pk, now=at)
    withdraw_partner_agreements(person=person, now=NOW + timedelta(days=2))
    agreement.refresh_from_db()
    assert agreement.withdrawn_at == NOW
    assert Activity.objects.filter(kind=ActivityKind.CONSENT_CHANGED).count() == 1


@pytest.mark.django_db
def test_P28_who_had_not_signed_agreed_to_nothing(lilas: Petition) -> None:
    agreement = agree(make_partner(lilas))
    disown(signature_id=agreement.signature_id, wording="Ce n’était pas moi", now=NOW)
    agreement.refresh_from_db()
    assert agreement.withdrawn_at == NOW


@pytest.mark.django_db
def test_P32_a_withdrawn_signature_leaves_the_partner_s_list(lilas: Petition) -> None:
    partner = make_partner(lilas)
    agreement = agree(partner)
    withdraw(signature_id=agreement.signature_id, now=NOW)
    assert exported(partner) == []


@pytest.mark.django_db
def test_P64_erasure_leaves_no_address_for_the_partner(lilas: Petition, hugo: User) -> None:
    partner = make_partner(lilas)
    agreement = agree(partner)
    hand_over(partner=partner, by=hugo, now=NOW)
    point = agreement.signature.contact_point
    assert point is not None
    erase(contact_point=point, withdraw_too=False, now=NOW)
    assert exported(partner) == []


@pytest.mark.django_db
def test_the_figures_of_each_partner(lilas: Petition) -> None:
    rue, velo = make_partner(lilas), make_partner(lilas, slug="velo", name="Vélo")
    agree(rue, source_code="par:rue")
    agree(rue, confirmed=False, source_code="par:rue")
    make_signature(lilas, source_code="par:rue")
    make_signature(lilas, source_code="par:velo", state="held")
    told = [(f.partner, f.counted, f.agreed, f.to_hand) for f in partners_of(lilas)]
    assert told == [(rue, 3, 2, 1), (velo, 0, 0, 0)]


@pytest.mark.django_db
def test_confirming_opens_the_partner_s_list(lilas: Petition) -> None:
    partner = make_partner(lilas)
    agreement = agree(partner, confirmed=False)
    assert exported(partner) == []
    confirm(signature_id=agreement.signature_id, now=NOW)
    assert len(exported(partner)) == 1


@pytest.mark.django_db
def test_P30_the_whole_file_tells_them(lilas: Petition) -> None:
    agreement = agree(make_partner(lilas))
    told = file_of(person_of(agreement.signature))["accords avec des partenaires"]
    assert [(one["partenaire"], one["mots exacts"]) for one in told] == [
        ("Rue pour tous", SENTENCE)
    ]
