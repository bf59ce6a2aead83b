"""The exports of known platforms are understood from their titles alone."""

from typing import Any

import pytest

from levier.foundation.common.tables.shapes import title_key
from levier.foundation.people.actions.import_cleaning import split_name
from levier.foundation.people.actions.import_columns import SUPPORTER_TARGETS, day_first, guess
from levier.gathering.signing.actions.import_rows import TARGETS


def column(title: str, **fields: Any) -> dict[str, Any]:
    known = {"filled": 10, "addresses": 10, "days_first": 0, "months_first": 0}
    return {"title": title, "key": title_key(title), "samples": [], **known, **fields}


@pytest.mark.parametrize(
    ("platform", "titles", "expected"),
    [
        ("Change.org", "Name,City,State,Postal Code,Country,Signed On,Email",
         "full_name,,,postcode,country,signed_at,email"),
        ("ControlShift", ("first_name,last_name,email,postcode,phone_number,country,created_at,"
         "email_opt_in"), ("first_name,last_name,email,postcode,phone,country,signed_at,"
         "consent_updates")),
        ("MesOpinions", "Prénom,Nom,Email,Code postal,Ville,Pays,Date de signature,Commentaire",
         "first_name,last_name,email,postcode,,country,signed_at,comment"),
        ("WeSign", "prenom,nom,email,code_postal,date_signature,newsletter",
         "first_name,last_name,email,postcode,signed_at,consent_updates"),
        ("Action Network", ("Email,First Name,Last Name,Zip Code,Country,can2_phone,"
         "can2_subscription_status,Timestamp (EST)"),
         "email,first_name,last_name,postcode,country,phone,consent_updates,signed_at"),
        ("Google Forms", "Horodateur,Adresse e-mail,Prénom,Nom,Code postal",
         "signed_at,email,first_name,last_name,postcode"),
        ("Google Forms, EN", "Timestamp,Email Address,First name,Last name",
         "signed_at,email,first_name,last_name"),
        ("Levier", ("numéro,prénom,nom,courriel,code postal,pays,signée le,confirmée le,état,par,"
         "accepte que son nom paraisse"),
         ",first_name,last_name,email,postcode,country,signed_at,confirmed,,,show_name"),
    ],
)  # fmt: skip
def test_P58_titles_of_other_platforms_are_known(platform: str, titles: str, expected: str) -> None:
    assert guess([column(title) for title in titles.split(",")], TARGETS) == expected.split(",")


def test_a_column_of_addresses_is_found_by_what_it_holds() -> None:
    columns = [column("A", addresses=0), column("B", addresses=9)]
    assert guess(columns, TARGETS) == ["", "email"]
    named = [column("Mail", addresses=0), column("B", addresses=9)]
    assert guess(named, TARGETS) == ["", "email"]


def test_no_meaning_is_given_twice_but_tags() -> None:
    found = guess([column(t) for t in ("Email", "Courriel", "Tags", "Groupe")], SUPPORTER_TARGETS)
    assert found == ["email", "", "tags", "tags"]


def test_dates_are_french_unless_the_cells_say_otherwise() -> None:
    assert day_first([column("Date")], ["signed_at"]) is True
    assert day_first([column("Date", months_first=3)], ["signed_at"]) is False
    assert day_first([column("Date", months_first=3)], [""]) is True


@pytest.mark.parametrize(
    ("whole", "parted"),
    [
        ("Marie Dupont", ("Marie", "Dupont")),
        ("DUPONT Marie", ("Marie", "DUPONT")),
        ("Marie-Ange de La Tour", ("Marie-Ange", "de La Tour")),
        ("Dupont, Marie", ("Marie", "Dupont")),
        ("Zoé", ("Zoé", "")),
        ("JEAN PETIT", ("JEAN", "PETIT")),
        ("", ("", "")),
    ],
)
def test_names_in_one_cell_are_parted(whole: str, parted: tuple[str, str]) -> None:
    assert split_name(whole) == parted
