"""A sheet that came back: entered once, each mailbox counted once (P55, P56)."""

import json
from datetime import datetime, timedelta

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.ledger.models import Entry
from levier.foundation.people.actions.consents import give_consent, withdraw_consent
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.actions.enter_sheet import enter_sheet
from levier.gathering.signing.actions.print_sheets import print_sheets
from levier.gathering.signing.errors import PaperClosed, SheetTaken
from levier.gathering.signing.models.paper import PaperLine, PaperSheet
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.listing import has_signatures
from tests.cast import make_petition, make_signature, person_of
from tests.gathering.signing.paper_sheets import line, lines, paper_of, states

pytestmark = pytest.mark.django_db


def test_P55_a_line_whose_address_signed_online_is_flagged_and_not_counted(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    online = make_signature(lilas, "paul@gmail.com")
    entered = [line(1, "P.a.u.l+velo@gmail.com"), line(2, "jeanne@exemple.fr"), line(3)]
    sheet = enter_sheet(petition=lilas, number=12, lines=entered, by=hugo, now=now)
    assert (sheet.lines, sheet.counted, sheet.already_online, sheet.twice) == (3, 2, 1, 0)
    flagged = PaperLine.objects.get(sheet=sheet, position=1)
    assert (flagged.state, flagged.signature) == ("online", online)
    assert paper_of(lilas) == 2
    assert has_signatures(lilas.pk)


@pytest.mark.parametrize(
    ("state", "reason", "flagged"),
    [
        ("counted", "", True),
        ("withdrawn", "", True),  # its owner asked to be taken out: paper does not put them back
        ("withdrawn", "disowned", False),
        ("held", "rate", False),
        ("rejected", "team", False),
        ("pending", "", False),
    ],
)
def test_P55_a_signature_that_does_not_count_hides_no_line(
    state: str, reason: str, flagged: bool, lilas: Petition, hugo: User, now: datetime
) -> None:
    make_signature(lilas, "paul@exemple.fr", state=state, reason=reason, number=1)
    sheet = enter_sheet(
        petition=lilas, number=1, lines=[line(1, "paul@exemple.fr")], by=hugo, now=now
    )
    assert (sheet.already_online, paper_of(lilas)) == ((1, 0) if flagged else (0, 1))


def test_P55_a_mailbox_counts_once_whatever_the_number_of_sheets(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    twice = [line(1, "jeanne@exemple.fr"), line(2, "Jeanne@Exemple.fr")]
    enter_sheet(petition=lilas, number=1, lines=twice, by=hugo, now=now)
    sheet = enter_sheet(petition=lilas, number=2, lines=twice[:1], by=hugo, now=now)
    assert (sheet.counted, sheet.twice) == (0, 1)
    assert paper_of(lilas) == 1


def test_P55_a_sheet_number_is_entered_once(lilas: Petition, hugo: User, now: datetime) -> None:
    enter_sheet(petition=lilas, number=12, lines=lines(3), by=hugo, now=now)
    with pytest.raises(SheetTaken, match="feuille 12 est déjà saisie : Hugo Marchand"):
        enter_sheet(petition=lilas, number=12, lines=lines(3, first=9), by=hugo, now=now)
    assert PaperSheet.objects.count() == 1
    assert paper_of(lilas) == 3


def test_P56_paper_takes_no_number_and_makes_no_signature(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    make_signature(lilas)
    enter_sheet(petition=lilas, number=1, lines=lines(15), by=hugo, now=now)
    tally = Tally.objects.get(petition=lilas)
    assert (tally.last_number, tally.counted, tally.paper) == (1, 1, 15)
    assert Signature.objects.count() == 1


def test_P40_a_threshold_passed_by_paper_is_a_milestone_once(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    Tally.objects.filter(petition=lilas).update(counted=95, last_number=95)
    enter_sheet(petition=lilas, number=1, lines=lines(4), by=hugo, now=now)
    assert not Milestone.objects.exists()
    enter_sheet(petition=lilas, number=2, lines=lines(4, first=5), by=hugo, now=now)
    assert Milestone.objects.get().threshold == 100
    later = now + timedelta(days=1)
    enter_sheet(petition=lilas, number=3, lines=lines(4, first=9), by=hugo, now=later)
    assert Milestone.objects.get().reached_at == now


def test_P9_only_who_ticked_and_left_an_address_becomes_a_person(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    entered = [
        line(1, "oui@exemple.fr", consent=True, first_name="Rose"),
        line(2, "non@exemple.fr"),
        line(3, consent=True),
    ]
    sheet = enter_sheet(petition=lilas, number=1, lines=entered, by=hugo, now=now)
    person = Person.objects.get()
    assert (person.first_name, person.postcode) == ("Rose", "35000")
    assert ContactPoint.objects.get().typed == "oui@exemple.fr"
    said = Consent.objects.get()
    assert (said.person, said.channel, said.purpose, said.given) == (
        person,
        "email",
        "petition_news",
        True,
    )
    assert said.wording == (
        "Je veux recevoir les nouvelles de cette pétition, une par jour au plus."
    )
    assert said.source == f"paper:{sheet.pk}"
    fact = Activity.objects.get(kind="signed_on_paper")
    assert (fact.person, fact.subject) == (person, f"paper:{sheet.pk}:1")
    assert list(PaperLine.objects.order_by("position").values_list("person", flat=True)) == [
        person.pk,
        None,
        None,
    ]


def test_P21_somebody_known_keeps_their_name(lilas: Petition, hugo: User, now: datetime) -> None:
    known = person_of(make_signature(lilas, "rose@exemple.fr"))
    entered = [line(1, "Rose@exemple.fr", consent=True, first_name="Rosa")]
    enter_sheet(petition=lilas, number=1, lines=entered, by=hugo, now=now)
    assert Person.objects.get().first_name == known.first_name
    assert ConsentState.objects.get().given


def test_J3_a_sheet_typed_late_undoes_no_withdrawal(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    person = person_of(make_signature(lilas, "rose@exemple.fr"))
    for change in (give_consent, withdraw_consent):
        change(
            person=person,
            **news_of(lilas.pk),
            wording="…",
            source="moi",
            now=now - timedelta(days=2),
        )
    entered = [line(1, "rose@exemple.fr", consent=True)]
    enter_sheet(petition=lilas, number=1, lines=entered, by=hugo, now=now)
    assert not ConsentState.objects.get().given


def test_U25_a_sheet_says_nothing_of_another_petition_s_news(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    other = make_petition(lilas.campaign, lilas.author, "autre")
    person = person_of(make_signature(other, "rose@exemple.fr"))
    withdraw_consent(person=person, **news_of(other.pk), wording="Non", source="moi", now=now)
    entered = [line(1, "rose@exemple.fr", consent=True)]
    enter_sheet(petition=lilas, number=1, lines=entered, by=hugo, now=now)
    states = ConsentState.objects.filter(person=person)
    assert dict(states.values_list("scope", "given")) == {
        f"petition:{lilas.pk}": True,
        f"petition:{other.pk}": False,
    }


def test_P6_a_sheet_keeps_the_words_it_was_printed_with(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    printed = lilas.version
    run = print_sheets(petition=lilas, sheets=3, by=hugo, now=now)
    assert (run.first, run.last) == (1, 3)
    later = Version.objects.create(
        petition=lilas, n=2, title="Autre", ask="…", story="", sha256=b"", created_at=now
    )
    lilas.version = later
    lilas.save(update_fields=["version"])
    old = enter_sheet(petition=lilas, number=2, lines=lines(1), by=hugo, now=now)
    new = enter_sheet(petition=lilas, number=9, lines=lines(1, first=2), by=hugo, now=now)
    assert (old.version, new.version) == (printed, later)


def test_the_gesture_is_in_the_log_without_any_name(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    enter_sheet(petition=lilas, number=7, lines=lines(2), by=hugo, now=now)
    entry = json.loads(bytes(Entry.objects.latest("seq").leaf))
    assert (entry["act"], entry["sheet"], entry["lines"], entry["counted"], entry["by"]) == (
        "enter_sheet",
        7,
        2,
        2,
        hugo.pk,
    )
    assert "exemple" not in json.dumps(entry)


@pytest.mark.parametrize("state", ["draft", "in_review", "removed"])
def test_no_paper_for_what_the_public_does_not_read(
    state: str, lilas: Petition, hugo: User, now: datetime
) -> None:
    lilas.state = state
    with pytest.raises(PaperClosed):
        enter_sheet(petition=lilas, number=1, lines=lines(1), by=hugo, now=now)


def test_sheets_of_a_closed_petition_still_come_back_for_a_while(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    lilas.state, lilas.closed_at = "closed", now - timedelta(days=20)
    enter_sheet(petition=lilas, number=1, lines=lines(1), by=hugo, now=now)
    lilas.closed_at = now - timedelta(days=200)
    with pytest.raises(PaperClosed):
        enter_sheet(petition=lilas, number=2, lines=lines(1, first=2), by=hugo, now=now)
    assert states(lilas) == {"papier1@exemple.fr": "counted"}
