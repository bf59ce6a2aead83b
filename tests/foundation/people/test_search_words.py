"""What a person is found by, and what somebody types to find them."""

import re

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from levier.foundation.common.folding import folded, name_key, words
from levier.foundation.people.queries.words import (
    numbers,
    typed_words,
    with_beginnings,
    words_of_person,
)

ONE_WORD = re.compile(r"[^\s'\\]+")


@pytest.mark.parametrize(
    ("typed", "fold"),
    [
        ("André", "andre"),
        ("ÉLODIE ŒUVRARD", "elodie oeuvrard"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("Weiß", "weiss"),
        ("e\u0301lan", "elan"),
        ("Ærø", "aero"),
    ],
)
def test_case_accents_and_ligatures_are_folded(typed: str, fold: str) -> None:
    assert folded(typed) == fold


def test_names_in_several_parts_are_found_whole_and_in_part() -> None:
    found = words_of_person(names=("Jean-Pierre", "O’Neil"), addresses=(), postcode="35 000")
    assert {"jean", "pierre", "jeanpierre", "o", "neil", "oneil", "35000"} == set(found)
    assert name_key("Jean-Pierre", "O’Neil") == "o neil jean pierre"


def test_an_address_is_found_by_its_parts_and_whole() -> None:
    found = words_of_person(names=(), addresses=["Paul.Tremblay@Exemple.FR"], postcode="")
    assert found == ["paul.tremblay@exemple.fr", "paul", "tremblay", "exemple", "fr"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("+33 6 12 34 56 78", ["33612345678", "0612345678"]),
        ("0033612345678", ["33612345678", "0612345678"]),
        ("06.12.34.56.78", ["0612345678"]),
        ("+1 514 555 0199", ["15145550199"]),
        ("", []),
    ],
)
def test_a_number_is_found_however_it_was_written(written: str, found: list[str]) -> None:
    assert numbers(written) == found


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("André mar", [["andre"], ["mar"]]),
        ("paul.t@ex", [["paul.t@ex"]]),
        ("06 12 34 56 78 paul", [["0612345678"], ["paul"]]),
        ("35000", [["35000"]]),
        ("' | & ! :* \\ \x00", []),
        ("a b c d e f g h i j", [[letter] for letter in "abcdefgh"]),
    ],
)
def test_what_is_typed_becomes_beginnings_of_words(typed: str, asked: list[list[str]]) -> None:
    assert typed_words(typed) == asked


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_short_beginnings_are_words_of_their_own() -> None:
    assert with_beginnings(["martin", "zoe", "li"]) == [
        *("martin", "zoe", "li"),
        *("~mar", "~mart", "~marti"),
        "~zoe",
    ]


@given(st.text(max_size=40), st.text(max_size=40))
def test_whoever_types_a_whole_name_asks_for_words_it_has(first: str, last: str) -> None:
    known = words_of_person(names=(first, last), addresses=(), postcode="")
    for word in words(f"{first} {last}"):
        assert any(one.startswith(word) for one in known)


@pytest.mark.django_db
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80))
def test_nothing_typed_breaks_the_query(typed: str) -> None:
    asked = typed_words(typed.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    for word in (word for any_of in asked for word in any_of):
        assert ONE_WORD.fullmatch(word)
    written = " & ".join(f"'{word}':*" for any_of in asked for word in any_of)
    with connection.cursor() as cursor:
        cursor.execute("SELECT numnode(%s::tsquery)", [written])
        assert cursor.fetchone() is not None
