"""One person on two cards, who also signed on paper: they count once, twice once parted."""

from datetime import datetime

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.actions.merging import merge_people, part_people
from levier.gathering.signing.actions.reconcile_paper import reconcile_paper
from levier.gathering.signing.models.paper import PaperSheet
from levier.gathering.signing.queries.tally import discrepancies
from tests.cast import make_campaign, make_petition, make_signature, person_of
from tests.gathering.signing.paper_sheets import line, paper_of, states

pytestmark = pytest.mark.django_db
WORK, HOME = "c.roche@travail.example", "camille@exemple.fr"


def card_of(email: str) -> Person:
    return ContactPoint.objects.select_related("person").get(canonical=email).person


def figures(petition: Petition) -> list[tuple[int, int, int]]:
    sheets = PaperSheet.objects.filter(petition=petition).order_by("number")
    return [(s.counted, s.already_online, s.twice) for s in sheets]


def test_P55_a_merge_finds_that_the_person_of_a_line_signed_online(
    lilas: Petition, aicha: User, hugo: User, now: datetime
) -> None:
    kept = person_of(make_signature(lilas, HOME))
    lines = [line(1, WORK, consent=True), line(2, "autre@exemple.fr"), line(3)]
    enter_sheet(petition=lilas, number=1, lines=lines, by=hugo, now=now)
    assert paper_of(lilas) == 3
    merge = merge_people(kept=kept, merged=card_of(WORK), by=aicha, now=now)
    assert paper_of(lilas) == 2
    assert states(lilas)[WORK] == "online"
    assert figures(lilas) == [(2, 1, 0)]
    assert discrepancies() == []
    part_people(merge=merge, by=aicha, now=now)
    assert paper_of(lilas) == 3
    assert states(lilas)[WORK] == "counted"
    assert figures(lilas) == [(3, 0, 0)]
    assert discrepancies() == []


def test_P55_two_lines_of_two_mailboxes_of_one_person_count_once(
    lilas: Petition, aicha: User, hugo: User, now: datetime
) -> None:
    for number, email in ((1, HOME), (2, WORK)):
        lines = [line(1, email, consent=True), line(2)]
        enter_sheet(petition=lilas, number=number, lines=lines, by=hugo, now=now)
    assert paper_of(lilas) == 4
    merge = merge_people(kept=card_of(HOME), merged=card_of(WORK), by=aicha, now=now)
    assert paper_of(lilas) == 3
    assert sorted(states(lilas)[email] for email in (HOME, WORK)) == ["counted", "twice"]
    assert reconcile_paper(petition=lilas, by=None, now=now) == 0  # nothing is left to do
    part_people(merge=merge, by=aicha, now=now)
    assert paper_of(lilas) == 4


def test_P55_a_sheet_entered_after_the_merge_knows_every_mailbox(
    lilas: Petition, aicha: User, hugo: User, now: datetime
) -> None:
    enter_sheet(petition=lilas, number=1, lines=[line(1, HOME, consent=True)], by=hugo, now=now)
    other = make_petition(make_campaign(lilas.campaign.organisation), aicha, slug="autre")
    merged = person_of(make_signature(other, WORK))
    merge_people(kept=card_of(HOME), merged=merged, by=aicha, now=now)
    enter_sheet(petition=lilas, number=2, lines=[line(1, WORK)], by=hugo, now=now)
    assert paper_of(lilas) == 1
    assert states(lilas) == {HOME: "counted", WORK: "twice"}


def test_a_merge_leaves_the_paper_of_everybody_else(
    lilas: Petition, aicha: User, hugo: User, now: datetime
) -> None:
    kept, merged = person_of(make_signature(lilas, HOME)), person_of(make_signature(lilas, WORK))
    lines = [line(n, f"p{n}@exemple.fr") for n in (1, 2, 3)]
    enter_sheet(petition=lilas, number=1, lines=lines, by=hugo, now=now)
    merge_people(kept=kept, merged=merged, by=aicha, now=now)
    assert paper_of(lilas) == 3
    assert figures(lilas) == [(3, 0, 0)]
