import pytest

from levier.foundation.people.rules import canonical_email


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Paul.Tremblay@Exemple.FR", "paul.tremblay@exemple.fr"),
        (" paul@exemple.fr ", "paul@exemple.fr"),
        ("josé@exämple.fr", "josé@xn--exmple-cua.fr"),
        ("jose\u0301@exemple.fr", "josé@exemple.fr"),
    ],
)
def test_P19_domain_is_lower_case_idna_and_local_part_lower_case(
    typed: str, canonical: str
) -> None:
    assert canonical_email(typed) == canonical


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Paul.T+x@googlemail.com", "pault@gmail.com"),
        ("p.a.u.l@gmail.com", "paul@gmail.com"),
        ("paul.t+petition@hotmail.fr", "paul.t@hotmail.fr"),
        ("paul+1@proton.me", "paul@proton.me"),
        ("paul+1@fastmail.com", "paul@fastmail.com"),
    ],
)
def test_P19_tags_and_dots_are_folded_where_the_provider_ignores_them(
    typed: str, canonical: str
) -> None:
    assert canonical_email(typed) == canonical


@pytest.mark.parametrize(
    "address",
    [
        "paul+x@exemple.fr",
        "paul.t@orange.fr",
        "paul-t@yahoo.fr",
        "jean-paul@outlook.com",
        "paul.t@outlook.com",
        "+paul@gmail.com",
    ],
)
def test_P19_nobody_else_is_folded(address: str) -> None:
    assert canonical_email(address) == address


def test_P19_folding_twice_is_the_same_as_once() -> None:
    once = canonical_email("Paul.T+x@GoogleMail.com")
    assert canonical_email(once) == once


@pytest.mark.parametrize("text", ["", "@", "paul", "paul@", "a@b@c.fr", "x@-é.fr"])
def test_a_text_that_is_no_address_raises_nothing(text: str) -> None:
    assert canonical_email(text) == canonical_email(text).lower()
