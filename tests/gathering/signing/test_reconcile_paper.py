"""Somebody on paper later signs online: the online one counts, and the total is exact."""

from datetime import datetime, timedelta

import pytest

from levier.foundation.accounts.models import Organisation, User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.actions.reconcile_paper import reconcile_all_paper, reconcile_paper
from levier.gathering.signing.actions.recount import recount
from levier.gathering.signing.actions.reject import reject
from levier.gathering.signing.actions.withdraw import withdraw
from levier.gathering.signing.models.paper import PaperLine, PaperSheet
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from tests.cast import make_campaign, make_petition, make_signature
from tests.gathering.signing.paper_sheets import line, lines, paper_of, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(lilas: Petition, hugo: User, now: datetime) -> PaperSheet:
    return enter_sheet(petition=lilas, number=1, lines=lines(3), by=hugo, now=now)


def test_P55_an_online_signature_takes_the_place_of_its_paper_line(
    sheet: PaperSheet, lilas: Petition, hugo: User, now: datetime
) -> None:
    online = make_signature(lilas, "papier2@exemple.fr")
    assert reconcile_paper(petition=lilas, by=hugo, now=now) == -1
    flagged = PaperLine.objects.get(position=2)
    assert (flagged.state, flagged.signature) == ("online", online)
    tally = Tally.objects.get(petition=lilas)
    assert (tally.counted, tally.paper) == (1, 2)
    sheet.refresh_from_db()
    assert (sheet.counted, sheet.already_online) == (2, 1)
    assert reconcile_paper(petition=lilas, by=hugo, now=now) == 0
    assert discrepancies() == []


def test_a_withdrawal_takes_the_person_out_and_paper_does_not_put_them_back(
    sheet: PaperSheet, lilas: Petition, now: datetime
) -> None:
    online = make_signature(lilas, "papier2@exemple.fr")
    reconcile_paper(petition=lilas, by=None, now=now)
    withdraw(signature_id=online.pk, now=now)
    assert reconcile_paper(petition=lilas, by=None, now=now) == 0
    tally = Tally.objects.get(petition=lilas)
    assert (tally.counted, tally.paper) == (0, 2)


def test_a_signature_set_aside_gives_its_line_back(
    sheet: PaperSheet, lilas: Petition, hugo: User, now: datetime
) -> None:
    online = make_signature(lilas, "papier2@exemple.fr")
    reconcile_paper(petition=lilas, by=None, now=now)
    reject(petition=lilas, signature_ids=[online.pk], by=hugo, now=now)
    assert reconcile_paper(petition=lilas, by=None, now=now) == 1
    assert set(states(lilas).values()) == {"counted"}
    assert paper_of(lilas) == 3


def test_whoever_moves_to_another_address_is_not_counted_twice(
    sheet: PaperSheet, lilas: Petition, now: datetime
) -> None:
    online = make_signature(lilas, "papier2@exemple.fr")
    reconcile_paper(petition=lilas, by=None, now=now)
    point = online.contact_point
    assert point is not None
    point.typed, point.canonical = "ailleurs@exemple.fr", "ailleurs@exemple.fr"
    point.save()
    assert reconcile_paper(petition=lilas, by=None, now=now) == 0
    assert paper_of(lilas) == 2


def test_two_lines_of_one_mailbox_make_one_signature_online(
    sheet: PaperSheet, lilas: Petition, hugo: User, now: datetime
) -> None:
    again = [line(1, "papier2@exemple.fr")]
    enter_sheet(petition=lilas, number=2, lines=again, by=hugo, now=now)
    make_signature(lilas, "papier2@exemple.fr")
    reconcile_paper(petition=lilas, by=None, now=now)
    rows = PaperLine.objects.filter(email="papier2@exemple.fr")
    assert list(rows.values_list("state", flat=True)) == ["online", "online"]
    assert paper_of(lilas) == 2


def test_the_night_does_it_for_every_petition_and_touches_no_other(
    sheet: PaperSheet, lilas: Petition, hugo: User, now: datetime
) -> None:
    quiet = make_petition(make_campaign(lilas.campaign.organisation), hugo, "autre")
    enter_sheet(petition=quiet, number=1, lines=lines(2), by=hugo, now=now)
    make_signature(lilas, "papier2@exemple.fr")
    before = Tally.objects.get(petition=quiet).updated_at
    assert reconcile_all_paper(now=now + timedelta(hours=1)) == {lilas.pk: -1}
    assert Tally.objects.get(petition=quiet).updated_at == before
    assert (paper_of(lilas), paper_of(quiet)) == (2, 2)


def test_another_organisation_s_mailbox_is_another_person(
    sheet: PaperSheet, droits_debout: Organisation, claire: User, now: datetime
) -> None:
    theirs = make_petition(make_campaign(droits_debout), claire, "ailleurs")
    make_signature(theirs, "papier2@exemple.fr")
    assert reconcile_all_paper(now=now) == {}
    assert Signature.objects.count() == 1


def test_P41_a_paper_count_that_drifts_is_seen_and_mended(
    sheet: PaperSheet, lilas: Petition, now: datetime
) -> None:
    Tally.objects.filter(petition=lilas).update(paper=9)
    assert [(d.told.paper, d.true.paper) for d in discrepancies()] == [(9, 3)]
    recount(petition=lilas, by=None, now=now)
    assert discrepancies() == []
    assert paper_of(lilas) == 3
