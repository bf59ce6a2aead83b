"""Consents, comments, telephones and milestones: what a signature brings, and what a repeat does
not."""

from datetime import timedelta
from typing import Any

import pytest

from levier.foundation.campaigns.enums import CommentPolicy
from levier.foundation.campaigns.models import Campaign
from levier.foundation.people.actions.suppressions import suppress
from levier.foundation.people.enums import SuppressionReason
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.models.suppression import Suppression
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.recount import recount
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import Figures, discrepancies
from tests.cast import NOW, make_petition, make_signature
from tests.taking import form, slug_of, take

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)
ALL: dict[str, Any] = {"consent_updates": "on", "consent_org_news": "on", "consent_phone": "on"}


def offer_phone(petition: Petition) -> None:
    Campaign.objects.filter(pk=petition.campaign_id).update(offers_phone=True)


def test_P09_each_agreement_is_kept_apart_with_its_words(lilas: Petition) -> None:
    offer_phone(lilas)
    take(slug_of(lilas), [form(**ALL, consent_post="on"), form(2)])
    signature = Signature.objects.get(number=1)
    said = Consent.objects.order_by("channel", "purpose")
    assert [(c.channel, c.purpose, c.given, c.wording, c.source, c.at) for c in said] == [
        (channel, purpose, True, wording, f"signature:{signature.pk}", NOW)
        for channel, purpose, wording in (
            ("email", "org_news", "Valmont à vélo peut me proposer d’autres façons d’agir."),
            (
                "email",
                "petition_news",
                "Je veux recevoir les nouvelles de cette pétition, une par jour au plus.",
            ),
            (
                "phone",
                "continue",
                "Valmont à vélo peut me téléphoner pour poursuivre l’action ensemble.",
            ),
        )
    ]
    assert {c.person_id for c in said} == {signature.person_id}
    scopes = [f"petition:{lilas.pk}" if c.purpose == "petition_news" else "" for c in said]
    assert [c.scope for c in said] == scopes
    assert ConsentState.objects.filter(given=True, at=NOW).count() == 3


def test_U25_each_petition_s_news_is_agreed_to_by_itself(lilas: Petition) -> None:
    others = [make_petition(lilas.campaign, lilas.author, slug) for slug in ("deux", "trois")]
    take(slug_of(lilas), [form(consent_updates="on")])
    said = list(ConsentState.objects.values())
    take(slug_of(others[0]), [form()], now=LATER)
    assert list(ConsentState.objects.values()) == said
    take(slug_of(others[1]), [form(consent_updates="on")], now=LATER)
    states = ConsentState.objects.filter(person__in=Signature.objects.values("person"))
    assert dict(states.values_list("scope", "at")) == {
        f"petition:{lilas.pk}": NOW,
        f"petition:{others[1].pk}": LATER,
    }


def test_J3_a_signature_does_not_undo_what_the_mailbox_refused(lilas: Petition) -> None:
    """Anybody can type an address and tick boxes: the mailbox itself comes back."""
    suppress(
        organisation=lilas.campaign.organisation,
        channel="email",
        canonical="paul@exemple.fr",
        reason=SuppressionReason.UNSUBSCRIBED,
        now=NOW,
    )
    take(slug_of(lilas), [form(**ALL)], now=LATER)
    assert Suppression.objects.get().reason == SuppressionReason.UNSUBSCRIBED


def test_P17_a_repeat_changes_no_agreement_comment_or_telephone(lilas: Petition) -> None:
    offer_phone(lilas)
    slug = slug_of(lilas)
    take(slug, [form()])
    take(
        slug,
        [form(**ALL, comment="Je change d’avis.", phone="06 12 34 56 78", show_name="on")],
        now=LATER,
    )
    assert Consent.objects.count() == Comment.objects.count() == 0
    assert not ContactPoint.objects.filter(channel="phone").exists()
    assert not Signature.objects.get().show_name


def test_a_telephone_is_kept_with_its_agreement_for_who_has_none(lilas: Petition) -> None:
    offer_phone(lilas)
    slug = slug_of(lilas)
    take(slug, [form(1, phone="06 12 34 56 78", consent_phone="on"), form(2, phone="0612345679")])
    point = ContactPoint.objects.get(channel="phone")
    assert (point.typed, point.canonical) == ("06 12 34 56 78", "0612345678")


@pytest.mark.parametrize(
    ("policy", "state"),
    [
        (CommentPolicy.BEFORE, CommentState.WAITING),
        (CommentPolicy.AFTER, CommentState.PUBLISHED),
    ],
)
def test_P52_a_comment_is_seen_as_the_campaign_chose(
    lilas: Petition, policy: str, state: str
) -> None:
    Campaign.objects.filter(pk=lilas.campaign_id).update(comment_policy=policy)
    words = "Ma fille a onze ans."
    forms = [form(1, comment=words, show_name="on"), form(2, comment=words), form(3)]
    take(slug_of(lilas), forms)
    found = Comment.objects.order_by("pk").values_list("shown_name", "text", "state")
    assert list(found) == [("Paul T.", words, state), ("", words, state)]


def test_P52_words_of_a_held_signature_wait(lilas: Petition) -> None:
    Campaign.objects.filter(pk=lilas.campaign_id).update(comment_policy=CommentPolicy.AFTER)
    take(slug_of(lilas), [form(comment="Achetez mes montres.", website="x")])
    assert Comment.objects.get().state == CommentState.WAITING


def test_P40_a_threshold_is_written_once_for_good(lilas: Petition) -> None:
    Petition.objects.filter(pk=lilas.pk).update(fixed_goal=150)
    slug = slug_of(lilas)
    take(slug, [form(n) for n in range(1, 100)])
    assert Milestone.objects.count() == 0
    take(slug, [form(n) for n in range(100, 221)])
    assert list(Milestone.objects.order_by("threshold").values_list("threshold", flat=True)) == [
        *(100, 150, 200)
    ]
    Tally.objects.filter(petition=lilas).update(counted=99)
    take(slug, [form(300)], now=LATER)
    assert Milestone.objects.filter(reached_at=NOW).count() == Milestone.objects.count() == 3


def test_P41_a_tally_that_disagrees_is_told_then_mended(lilas: Petition) -> None:
    take(slug_of(lilas), [form(1), form(2), form(3, website="x")])
    make_signature(lilas, confirmed_at=NOW)
    assert discrepancies() == []
    Tally.objects.filter(petition=lilas).update(counted=2, confirmed=0, held=5, last_number=9)
    (found,) = discrepancies()
    assert found.petition == lilas.pk
    assert found.told == Figures(last_number=9, counted=2, confirmed=0, held=5)
    assert found.true == Figures(last_number=3, counted=3, confirmed=1, held=1)
    mended = recount(petition=lilas, by=None, now=LATER)
    assert mended == Figures(last_number=9, counted=3, confirmed=1, held=1)
    numbers = Signature.objects.exclude(number=None).values_list("number", flat=True)
    assert set(numbers) == {1, 2, 3}
