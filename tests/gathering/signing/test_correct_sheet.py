"""A sheet typed wrong is mended, and the count with it (P57)."""

from datetime import datetime, timedelta

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.correct_sheet import correct_sheet, remove_sheet
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.errors import PaperClosed
from levier.gathering.signing.models.paper import PaperLine, PaperSheet
from tests.cast import make_signature
from tests.gathering.signing.paper_sheets import line, lines, paper_of, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(lilas: Petition, hugo: User, now: datetime) -> PaperSheet:
    return enter_sheet(petition=lilas, number=12, lines=lines(3), by=hugo, now=now)


def test_P57_lines_mended_later_join_their_sheet(
    sheet: PaperSheet, lilas: Petition, hugo: User, now: datetime
) -> None:
    later = now + timedelta(minutes=2)
    mended = [line(4, "papier4@exemple.fr"), line(5)]
    sheet = correct_sheet(sheet=sheet, lines=mended, by=hugo, now=later)
    assert (sheet.lines, sheet.counted, sheet.corrected_at) == (5, 5, later)
    assert paper_of(lilas) == 5


def test_a_line_written_anew_takes_the_place_of_the_old_one(
    sheet: PaperSheet, lilas: Petition, hugo: User, now: datetime
) -> None:
    make_signature(lilas, "paul@exemple.fr")
    sheet = correct_sheet(sheet=sheet, lines=[line(2, "paul@exemple.fr")], by=hugo, now=now)
    assert (sheet.lines, sheet.counted, sheet.already_online) == (3, 2, 1)
    assert paper_of(lilas) == 2
    sheet = correct_sheet(sheet=sheet, lines=[line(2, "jeanne@exemple.fr")], by=hugo, now=now)
    assert (sheet.counted, sheet.already_online) == (3, 0)
    assert PaperLine.objects.get(sheet=sheet, position=2).signature is None
    assert paper_of(lilas) == 3


def test_a_line_taken_away_lets_the_same_mailbox_count_elsewhere(
    sheet: PaperSheet, lilas: Petition, hugo: User, now: datetime
) -> None:
    again = [line(1, "papier1@exemple.fr")]
    other = enter_sheet(petition=lilas, number=13, lines=again, by=hugo, now=now)
    assert other.counted == 0
    correct_sheet(sheet=sheet, removed=[1], by=hugo, now=now)
    other.refresh_from_db()
    assert (other.counted, other.twice) == (1, 0)
    assert paper_of(lilas) == 3


def test_a_sheet_entered_under_a_wrong_number_is_taken_away(
    sheet: PaperSheet, lilas: Petition, hugo: User, now: datetime
) -> None:
    remove_sheet(sheet=sheet, by=hugo, now=now)
    assert not PaperSheet.objects.exists()
    assert not PaperLine.objects.exists()
    assert paper_of(lilas) == 0
    enter_sheet(petition=lilas, number=12, lines=lines(1), by=hugo, now=now)
    assert paper_of(lilas) == 1


def test_an_agreement_read_wrong_ends_and_leaves_nobody_behind(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    wrong = [line(1, "rosse@exemple.fr", consent=True)]
    sheet = enter_sheet(petition=lilas, number=1, lines=wrong, by=hugo, now=now)
    right = [line(1, "rose@exemple.fr", consent=True)]
    correct_sheet(sheet=sheet, lines=right, by=hugo, now=now + timedelta(minutes=1))
    assert Person.objects.filter(erased_at=None).count() == 1
    assert ContactPoint.objects.exclude(typed="").get().typed == "rose@exemple.fr"
    assert Consent.objects.get().source == f"paper:{sheet.pk}"
    unticked = [line(1, "rose@exemple.fr")]
    correct_sheet(sheet=sheet, lines=unticked, by=hugo, now=now + timedelta(minutes=2))
    assert not ConsentState.objects.filter(given=True).exists()
    assert not Person.objects.filter(erased_at=None).exists()
    assert paper_of(lilas) == 1


def test_somebody_who_also_signed_stays_when_a_line_is_corrected(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    make_signature(lilas, "rose@exemple.fr")
    entered = [line(1, "rose@exemple.fr", consent=True)]
    sheet = enter_sheet(petition=lilas, number=1, lines=entered, by=hugo, now=now)
    later = now + timedelta(minutes=1)
    correct_sheet(sheet=sheet, removed=[1], by=hugo, now=later)
    assert Person.objects.get().erased_at is None
    assert not ConsentState.objects.get().given


def test_saying_the_same_again_changes_nothing(lilas: Petition, hugo: User, now: datetime) -> None:
    entered = [line(1, "rose@exemple.fr", consent=True), line(2)]
    sheet = enter_sheet(petition=lilas, number=1, lines=entered, by=hugo, now=now)
    correct_sheet(sheet=sheet, lines=entered, by=hugo, now=now + timedelta(minutes=1))
    assert states(lilas) == {"rose@exemple.fr": "counted", "": "counted"}
    assert Consent.objects.count() == 1
    assert paper_of(lilas) == 2


def test_nothing_is_corrected_once_names_are_not_kept(
    sheet: PaperSheet, lilas: Petition, hugo: User, now: datetime
) -> None:
    gone = now - timedelta(days=300)
    Petition.objects.filter(pk=lilas.pk).update(state="closed", closed_at=gone)
    with pytest.raises(PaperClosed):
        correct_sheet(sheet=sheet, removed=[1], by=hugo, now=now)
