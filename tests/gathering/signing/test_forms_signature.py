"""The sign form: what it takes, what it refuses, in which words."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from levier.foundation.common import contact_fields
from levier.foundation.people.rules import canonical_email
from levier.gathering.signing.intake.form import InvalidForm, parse_signature, typed_of
from levier.gathering.signing.intake.place import ExtraField, Place
from levier.gathering.signing.intake.rows import SignatureInput
from tests.taking import form

SENTENCES = {
    "consent_updates": ("email", "petition_news", "Je veux recevoir les nouvelles."),
    "consent_org_news": ("email", "org_news", "Valmont à vélo peut me proposer d’agir."),
    "consent_phone": ("phone", "continue", "Valmont à vélo peut me téléphoner."),
}
PLACE = Place(
    petition=12,
    uuid=UUID(int=12),
    slug="piste",
    organisation=3,
    state="open",
    closes_at=None,
    closed_at=None,
    country="FR",
    asks_postcode=True,
    publishes_comments=False,
    fields=(
        ExtraField(key="metier", label="Métier", required=False),
        ExtraField(key="ville", label="Ville", required=True),
    ),
    agreements=SENTENCES,
)
ANY = form(extra_ville="Rennes")


def parse(**given: Any) -> SignatureInput:
    return parse_signature({**ANY, **given}, PLACE)


def errors(**given: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidForm) as refused:
        parse(**given)
    return refused.value.errors


@pytest.mark.parametrize(
    "name",
    [
        *("Paul", "O'Brien", "D’Arc", "Anne-Marie", "Éloïse", "Nguyễn", "王", "Мария", "محمد"),
        *("Jean/Jeanne", "Smith Jr.", "Roch\u00e9", "Roche\u0301", "Louis XIV", "O´Brien", "N"),
        *("X Æ A-12", "می\u200cخواهم", "a" * 100),
    ],
)
def test_P20_names_are_kept_as_typed(name: str) -> None:
    row = parse(first_name=f"  {name} ", last_name=name)
    assert (row.first_name, row.last_name) == (name, name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "   ", None, 5, ["Paul"], {"a": 1}, True, "a" * 101, "Paul\x00", "Paul\nBcc: x"),
        *("a\rb", "a\u202eb", "a\u2066b", "a\u2028b", "<b>Paul</b>", "Paul 🚲", "\ufffd", "12\x7f"),
        *("www.exemple.fr", "https://exemple.fr", "a@exemple.fr", "…", "-"),
    ],
)
def test_P08_names_are_required_and_plain(name: Any) -> None:
    assert errors(first_name=name, last_name=name) == {
        "first_name": ["Indiquez votre prénom (100 caractères au plus)"],
        "last_name": ["Indiquez votre nom (100 caractères au plus)"],
    }


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Paul.T@Exemple.FR", "paul.t@exemple.fr"),
        ("paul+petition@gmail.com", "paul@gmail.com"),
        ("δοκιμή@παράδειγμα.ελ", "δοκιμή@xn--hxajbheg2az3al.xn--qxam"),
        ("josé@exemple.fr", "josé@exemple.fr"),
        ("o'brien@exemple.ie", "o'brien@exemple.ie"),
    ],
)
def test_P19_P20_addresses_are_kept_as_typed_and_compared_canonical(
    typed: str, canonical: str
) -> None:
    row = parse(email=f" {typed} ")
    assert (row.email, row.canonical) == (typed, canonical)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "paul", "paul@", "@exemple.fr", "paul@exemple", "paul@exemple..fr", "a b@exemple.fr"),
        *("paul@exemple.fr\nBcc: x@y.fr", "paul@exemple.fr\x00", "paul@localhost", "a@b.test"),
        *("paul@exemple.fr,x@y.fr", f"a@{'b' * 250}.fr", "\ufffd@e.fr"),
        *(".paul@exemple.fr", "paul.@exemple.fr", "pa..ul@exemple.fr", "paul@-exemple.fr", 12),
    ],
)
def test_P08_an_impossible_address_is_refused(typed: Any) -> None:
    sentence = "Cette adresse ne semble pas complète. Exemple\u00a0: prenom@exemple.fr"
    assert errors(email=typed) == {"email": [sentence]}


WORD = st.text("abz019-_+.AZ", min_size=1, max_size=9)
LABEL = st.text("abz019-", min_size=1, max_size=9)
TLD = st.sampled_from(["fr", "org", "test", "local", "x", "c0m", "example", "xn--p1ai", "zz-z"])


@given(WORD, st.lists(LABEL, max_size=5), TLD)
def test_the_short_way_takes_nothing_that_the_library_refuses(
    local: str, labels: list[str], tld: str
) -> None:
    address = f"{local}@{'.'.join([*labels, tld])}"
    try:
        taken = contact_fields.email(address)
    except ValueError:
        return
    told = validate_email(taken, check_deliverability=False).normalized
    assert canonical_email(told) == canonical_email(taken)


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("FR", "35 000", "35000"),
        ("", "35000", "35000"),
        ("BE", "B-1000", "1000"),
        ("CH", "1204", "1204"),
        ("LU", "L-1009", "1009"),
        ("CA", "h2x 1y4", "H2X1Y4"),
        ("GB", "SW1A 1AA", "SW1A 1AA"),
        ("AE", "", ""),
    ],
)
def test_P08_postcodes_follow_their_country(country: str, typed: str, kept: str) -> None:
    row = parse(country=country, postal_code=typed)
    assert (row.country, row.postcode) == (country or "FR", kept)


@pytest.mark.parametrize(
    ("country", "typed", "field"),
    [
        ("FR", "3500", "postal_code"),
        ("FR", "", "postal_code"),
        ("FR", "٣٥٠٠٠", "postal_code"),
        ("CA", "12345", "postal_code"),
        ("GB", "a" * 17, "postal_code"),
        ("GB", "<b>", "postal_code"),
        ("XX", "35000", "country"),
        ("France", "35000", "country"),
    ],
)
def test_P08_a_wrong_place_is_refused(country: str, typed: str, field: str) -> None:
    assert set(errors(country=country, postal_code=typed)) == {field}


@pytest.mark.parametrize("text", ["", "   ", "Parce que oui.", "a" * 500, "Deux\r\nlignes 🚲 <b>"])
def test_a_comment_is_optional_and_plain_text(text: str) -> None:
    assert parse(comment=text).comment == text.strip().replace("\r\n", "\n")


@pytest.mark.parametrize("text", ["court", "a" * 501, "dix lettres\x00", "dix lettres\u202e"])
def test_a_comment_too_short_or_long_is_refused(text: str) -> None:
    sentence = (
        "Entre 10 et 500 caractères\u202f; votre signature, elle, peut partir sans commentaire"
    )
    assert errors(comment=text) == {"comment": [sentence]}


def test_P09_each_box_is_an_agreement_of_its_own_with_its_exact_words() -> None:
    assert parse().agreements == ()
    row = parse(consent_updates="on", consent_phone=True, consent_org_news="", consent_post="on")
    assert row.agreements == (SENTENCES["consent_updates"], SENTENCES["consent_phone"])


@pytest.mark.parametrize("value", ["off", "false", "0", "", None, False, 0, 2, [], {"on": 1}])
def test_P09_what_is_not_a_tick_is_not_an_agreement(value: Any) -> None:
    assert parse(consent_updates=value).agreements == ()


def test_a_telephone_is_kept_only_with_the_agreement_to_be_called() -> None:
    assert parse(phone="06 12 34 56 78").phone == ""
    assert parse(phone="06 12 34 56 78", consent_phone="on").phone == "06 12 34 56 78"
    assert set(errors(phone="12")) == {"phone"}
    assert set(errors(phone="n’importe quoi")) == {"phone"}


def test_P45_a_wrong_share_code_is_ignored() -> None:
    assert parse(ref="abCD2345").ref == "abCD2345"
    assert [parse(ref=ref).ref for ref in ("court", "abCD234!", 5, None)] == ["", "", "", ""]


def test_P69_a_filled_trap_is_told_not_refused() -> None:
    assert parse(website="http://spam.example").trapped
    assert not parse(website="").trapped


def test_P08_declared_fields_are_kept_apart() -> None:
    assert parse(extra_metier="infirmière", extra_autre="x").extra == {
        "metier": "infirmière",
        "ville": "Rennes",
    }
    assert errors(extra_ville="") == {"extra_ville": ["Complétez «\u00a0Ville\u00a0»"]}
    assert set(errors(extra_metier="é" * 3_000)) == {"extra_metier"}


def test_all_that_was_typed_comes_back() -> None:
    raw = form(email="paul", comment="court", consent_updates="on", show_name="1", website="x")
    assert typed_of(raw, PLACE) == {
        "first_name": "Paul",
        "last_name": "Tremblay",
        "email": "paul",
        "postal_code": "35000",
        "comment": "court",
        "consent_updates": "on",
        "show_name": "on",
    }


NAMES = st.sampled_from([*ANY, "country", "phone", "comment", "ref", "website", "show_name"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@given(st.dictionaries(NAMES | st.text(max_size=12), JSON | st.text(max_size=600), max_size=12))
def test_nothing_that_can_be_posted_breaks_the_form(raw: dict[str, Any]) -> None:
    with suppress(InvalidForm):
        row = parse_signature(raw, PLACE)
        assert "\x00" not in f"{row.first_name}{row.last_name}{row.email}{row.comment}"
    assert all(isinstance(value, str) for value in typed_of(raw, PLACE).values())


def test_P72_no_moment_decides() -> None:
    """The form has no clock: a quick hand and a slow one give the same row."""
    assert parse() == parse(started_at=datetime.now(UTC).isoformat())
