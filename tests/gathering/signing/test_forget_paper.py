"""Paper lines are forgotten as signatures are: on the clock (P63), or when asked (P64)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.common.scans import scan_file
from levier.foundation.people.actions.consents import withdraw_every_consent
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.anonymise_due import anonymise_due
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.actions.erase import erase
from levier.gathering.signing.actions.keep_scan import keep_scan
from levier.gathering.signing.actions.reconcile_paper import reconcile_paper
from levier.gathering.signing.models.paper import PaperLine, PaperSheet
from levier.gathering.signing.queries.mine import file_of
from levier.gathering.signing.queries.tally import discrepancies
from tests.cast import make_signature, person_of
from tests.gathering.signing.paper_sheets import line, paper_of

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "0" * 32 + ".pdf"


@pytest.fixture
def sheet(
    lilas: Petition, hugo: User, now: datetime, settings: object, tmp_path: Path
) -> PaperSheet:
    settings.PRIVATE_ROOT = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / NAME).write_bytes(b"%PDF-")
    entered = [
        line(1, "rose@exemple.fr", consent=True),
        line(2, "jeanne@exemple.fr", postcode="97400"),
        line(3, "ines@exemple.fr", consent=True),
        line(4, "zoe@exemple.fr", postcode="1000", country="BE"),
    ]
    made = enter_sheet(petition=lilas, number=1, lines=entered, by=hugo, now=now)
    return keep_scan(sheet=made, scan=NAME, by=hugo, now=now)


def point(email: str) -> ContactPoint:
    return ContactPoint.objects.select_related("person__organisation").get(typed=email)


def close(petition: Petition, at: datetime) -> None:
    Petition.objects.filter(pk=petition.pk).update(state="closed", closed_at=at)


def test_P63_lines_lose_their_names_and_sheets_their_scan(
    sheet: PaperSheet, lilas: Petition, now: datetime
) -> None:
    withdraw_every_consent(person=point("ines@exemple.fr").person, source="moi", now=now)
    close(lilas, now)
    assert anonymise_due(now=now + timedelta(days=150)) == 0
    assert anonymise_due(now=now + timedelta(days=200)) == 4
    assert anonymise_due(now=now + timedelta(days=200)) == 0
    rows = PaperLine.objects.order_by("position")
    assert {(r.first_name, r.last_name, r.email, r.canonical, r.person) for r in rows} == {
        ("", "", "", "", None)
    }
    assert [row.postcode for row in rows] == ["35", "974", "35", "BRU"]
    assert scan_file(NAME) is None
    assert PaperSheet.objects.get().scan == ""
    assert paper_of(lilas) == 4
    assert discrepancies() == []
    # Rose agreed to news and stays; Inès withdrew, and nothing is left of her (first by address).
    assert [person.first_name for person in Person.objects.order_by("pk")] == ["", "Jeanne"]
    assert reconcile_paper(petition=lilas, by=None, now=now) == 0


@pytest.mark.parametrize("withdraw_too", [False, True])
def test_P64_erasing_blanks_one_s_lines_and_the_scan_they_are_on(
    withdraw_too: bool, sheet: PaperSheet, lilas: Petition, now: datetime
) -> None:
    erase(contact_point=point("rose@exemple.fr"), withdraw_too=withdraw_too, now=now)
    gone = PaperLine.objects.get(position=1)
    assert (gone.first_name, gone.email, gone.canonical, gone.postcode) == ("", "", "", "")
    assert gone.state == ("withdrawn" if withdraw_too else "counted")
    assert paper_of(lilas) == (3 if withdraw_too else 4)
    assert scan_file(NAME) is None
    assert PaperLine.objects.filter(position=2).values_list("email", flat=True)[0] != ""
    assert discrepancies() == []


def test_P64_a_line_under_one_s_address_is_found_though_no_box_was_ticked(
    sheet: PaperSheet, lilas: Petition, now: datetime
) -> None:
    online = make_signature(lilas, "jeanne@exemple.fr")
    reconcile_paper(petition=lilas, by=None, now=now)
    assert online.contact_point is not None
    erase(contact_point=online.contact_point, withdraw_too=False, now=now)
    gone = PaperLine.objects.get(position=2)
    assert (gone.email, gone.state) == ("", "online")
    assert reconcile_paper(petition=lilas, by=None, now=now) == 0
    assert paper_of(lilas) == 3
    assert discrepancies() == []


def test_the_file_a_person_takes_away_tells_their_paper_lines(
    sheet: PaperSheet, lilas: Petition, now: datetime
) -> None:
    person = person_of(make_signature(lilas, "jeanne@exemple.fr"))
    told = file_of(person)["papier"]
    assert [(row["feuille"], row["ligne"], row["courriel"]) for row in told] == [
        (1, 2, "jeanne@exemple.fr")
    ]
    assert "rose@" not in str(told)
    consented = file_of(point("rose@exemple.fr").person)["papier"]
    assert [row["case « nouvelles » cochée"] for row in consented] == [True]
