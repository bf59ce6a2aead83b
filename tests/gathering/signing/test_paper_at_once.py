"""Paper and online at the same time, several people at the desk: nothing counted twice."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from levier.foundation.accounts.models import User
from levier.foundation.ledger.queries import verify_chain
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.actions.print_sheets import print_sheets
from levier.gathering.signing.actions.reconcile_paper import reconcile_paper
from levier.gathering.signing.errors import SheetTaken
from levier.gathering.signing.models.paper import PaperLine, PaperRun, PaperSheet
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from tests.gathering.signing.paper_sheets import line, lines, paper_of
from tests.taking import form, slug_of, take

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(gestures: list[Callable[[], object]]) -> list[BaseException]:
    """Run all of them together; what went wrong."""
    ready, wrong = threading.Barrier(len(gestures)), list[BaseException]()

    def act(gesture: Callable[[], object]) -> None:
        try:
            ready.wait(timeout=20)
            gesture()
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[gesture]) for gesture in gestures]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return wrong


def test_P55_of_two_people_who_enter_one_sheet_at_once_one_wins(
    lilas: Petition, hugo: User, aicha: User, now: datetime
) -> None:
    def entered(by: User, first: int) -> Callable[[], object]:
        return lambda: enter_sheet(
            petition=lilas, number=12, lines=lines(15, first=first), by=by, now=now
        )

    wrong = at_once([entered(hugo, 1), entered(aicha, 1), entered(aicha, 101), entered(hugo, 101)])
    assert [type(error) for error in wrong] == [SheetTaken] * 3
    sheet = PaperSheet.objects.get()
    assert sheet.entered_by is not None
    assert {sheet.entered_by.name in str(error) for error in wrong} == {True}
    assert paper_of(lilas) == 15


def test_the_same_person_on_two_sheets_entered_at_once_counts_once(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    shared = [line(1, "rose@exemple.fr", consent=True), line(2, "paul@exemple.fr", consent=True)]

    def entered(number: int) -> Callable[[], object]:
        own = [*reversed(shared)] if number % 2 else shared
        return lambda: enter_sheet(petition=lilas, number=number, lines=own, by=hugo, now=now)

    assert at_once([entered(number) for number in range(1, 7)]) == []
    assert paper_of(lilas) == 2
    assert Person.objects.count() == ContactPoint.objects.count() == 2
    assert verify_chain(lilas.campaign.organisation_id) is None


def test_no_number_is_printed_twice(lilas: Petition, hugo: User, now: datetime) -> None:
    gesture = lambda: print_sheets(petition=lilas, sheets=20, by=hugo, now=now)  # noqa: E731
    assert at_once([gesture] * 5) == []
    runs = sorted(PaperRun.objects.values_list("first", "last"))
    assert runs == [(1, 20), (21, 40), (41, 60), (61, 80), (81, 100)]


def test_paper_and_online_in_a_storm_leave_an_exact_total(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    """120 people sign online while 8 sheets of 15 are typed, half of them the same people."""
    slug = slug_of(lilas)

    def typed(number: int) -> Callable[[], object]:
        first = 1 + 15 * (number - 1)
        own = [
            line(i + 1, f"personne{first + i}@exemple.fr", consent=i % 3 == 0) for i in range(15)
        ]
        return lambda: enter_sheet(petition=lilas, number=number, lines=own, by=hugo, now=now)

    def signed(first: int) -> Callable[[], object]:
        return lambda: take(slug, [form(n) for n in range(first, first + 60)])

    # On paper: 1 to 120. Online: 61 to 180.
    wrong = at_once([*(typed(n) for n in range(1, 9)), signed(61), signed(121)])
    assert wrong == []
    reconcile_paper(petition=lilas, by=None, now=now)
    tally = Tally.objects.get(petition=lilas)
    assert (tally.counted, tally.last_number, tally.paper) == (120, 120, 60)
    assert PaperLine.objects.filter(state="online", signature__isnull=False).count() == 60
    assert discrepancies() == []
    assert verify_chain(lilas.campaign.organisation_id) is None
