"""The demonstration's data: everything a petition can gather is there, the same each time."""

import pytest
from django.db.models import F

from levier.foundation.people.models.search import SearchEntry
from levier.foundation.people.models.segment import Segment
from levier.foundation.people.models.tag import PersonTag
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.petitions.queries import languages_of
from levier.gathering.signing.enums import (
    AlertKind,
    HoldReason,
    OrganisationState,
    PaperLineState,
    SignatureState,
)
from levier.gathering.signing.models.alert import Alert
from levier.gathering.signing.models.journals import ReferralTally
from levier.gathering.signing.models.organisation_signature import OrganisationSignature
from levier.gathering.signing.models.paper import PaperLine, PaperSheet
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.journals import petitions_unlike_lines, unlike_rows
from levier.gathering.signing.queries.kinds import supporters_vocabulary
from levier.gathering.signing.queries.partner_agreements import partners_of
from levier.gathering.signing.queries.tally import discrepancies, figures_of, tally_of
from levier.project.demo.load import load
from tests.cast import NOW


def petition_at(slug: str) -> Petition:
    return Slug.objects.select_related("petition__campaign__organisation").get(slug=slug).petition


@pytest.mark.django_db
def test_the_demo_shows_all_that_gathers_around_a_petition() -> None:
    assert load(now=NOW)
    lilas = petition_at("piste-cyclable-rue-des-lilas")
    _its_count_agrees(lilas)
    _its_paper_came_back(lilas)
    _others_carry_it(lilas)
    _people_are_known(lilas)
    _it_is_told_elsewhere(lilas)
    _something_waits_for_a_look(lilas)
    assert not load(now=NOW)  # once


def _its_count_agrees(lilas: Petition) -> None:
    """Whoever signs next is told the number that the count shows then."""
    parole = figures_of(tally_of(petition_at("liberez-la-parole").pk))
    assert (parole.last_number, parole.counted, parole.held, parole.paper) == (8_685, 8_685, 0, 0)
    told = figures_of(tally_of(lilas.pk))
    assert (told.last_number, told.counted, told.held, told.paper) == (8_685, 8_685, 7, 0)
    assert discrepancies() == []
    assert unlike_rows(after=0)[0] == []
    assert petitions_unlike_lines() == []


def _its_paper_came_back(lilas: Petition) -> None:
    sheets = PaperSheet.objects.filter(petition=lilas).order_by("number")
    came = [(s.number, s.lines, s.counted, s.already_online) for s in sheets if s.lines]
    assert came == [(1, 7, 0, 7)]
    lines = PaperLine.objects.filter(petition=lilas)
    assert set(lines.values_list("state", flat=True)) == {PaperLineState.ONLINE}
    for line in lines:
        assert line.signature is not None
        assert line.signature.signed_at > line.sheet.entered_at


def _others_carry_it(lilas: Petition) -> None:
    signed = OrganisationSignature.objects.filter(petition=lilas).order_by("pk")
    assert list(signed.values_list("state", flat=True)) == [
        OrganisationState.PUBLISHED,
        OrganisationState.PUBLISHED,
        OrganisationState.WAITING,
    ]
    (partner,) = partners_of(lilas)
    assert (partner.counted, partner.agreed) == (240, 160)
    assert 0 < partner.to_hand < 160  # those who confirmed
    brought = ReferralTally.objects.filter(petition=lilas)
    assert brought.filter(total__gt=F("direct")).exists()  # who brought others in turn


def _people_are_known(lilas: Petition) -> None:
    organisation = lilas.campaign.organisation
    tagged = PersonTag.objects.filter(tag__organisation=organisation)
    assert sorted(tagged.values_list("tag__name", flat=True)) == [
        "Commerces de la rue",
        *["Familles du collège"] * 3,
    ]
    segment = Segment.objects.get(organisation=organisation)
    vocabulary = supporters_vocabulary(organisation=organisation.pk, now=NOW)
    found = vocabulary.q(vocabulary.read(segment.conditions))
    assert 50 < SearchEntry.objects.filter(found).count() < 2_000


def _it_is_told_elsewhere(lilas: Petition) -> None:
    assert PressLink.objects.filter(petition=lilas).count() == 1
    assert [language.code for language in languages_of(lilas)] == ["en"]


def _something_waits_for_a_look(lilas: Petition) -> None:
    held = Signature.objects.filter(petition=lilas, state=SignatureState.HELD)
    assert set(held.values_list("reason", "number")) == {(HoldReason.RATE, None)}
    alerts = Alert.objects.filter(petition=lilas).values_list("kind", "subject", "n")
    assert (AlertKind.SEQUENCE, "velo.fan#@courriel.example", 7) in alerts
    assert (AlertKind.NAME, "Alex Martin", 7) in alerts
