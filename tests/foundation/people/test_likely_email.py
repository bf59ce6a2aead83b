"""P24: slips in the domains that most people use, and no question about what is right."""

import pytest

from levier.foundation.people.rules import likely_email


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("paul@gmial.com", "paul@gmail.com"),
        ("Paul.T@gmail.con", "Paul.T@gmail.com"),
        ("paul@gmail.co", "paul@gmail.com"),
        ("paul@gmail.fr", "paul@gmail.com"),
        ("paul@GMAIL.FR", "paul@gmail.com"),
        ("paul@hotmial.fr", "paul@hotmail.fr"),
        ("paul@homail.com", "paul@hotmail.com"),
        ("paul@outlok.fr", "paul@outlook.fr"),
        ("paul@yaho.fr", "paul@yahoo.fr"),
        ("paul@wanadou.fr", "paul@wanadoo.fr"),
        ("paul@ornage.fr", "paul@orange.fr"),
        ("paul@lapsote.net", "paul@laposte.net"),
        ("paul@videotron.c", "paul@videotron.ca"),
        ("paul@bluwin.ch", "paul@bluewin.ch"),
        ("paul@skynett.be", "paul@skynet.be"),
    ],
)
def test_points_out_a_slip(typed: str, meant: str) -> None:
    assert likely_email(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("paul@gmail.com", "paul@GMAIL.com", "paul@ymail.com", "paul@mail.com", "paul@free.fr"),
        *("paul@yahoo.es", "paul@orange.be", "paul@orange.com", "paul@hotmail.it", "paul@live.nl"),
        *("paul@ville-valmont.fr", "paul@univ-rennes.fr", "paul@exemple.fr", "paul@gmx.at"),
        *("paul@laposte.fr", "paul@école.fr", "paul", "paul@", "@", ""),
    ],
)
def test_asks_nothing_about_what_may_be_right(typed: str) -> None:
    assert likely_email(typed) == ""
