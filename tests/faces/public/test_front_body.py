"""How a posted form is read, beside the library's way."""

from random import Random
from urllib.parse import parse_qsl

import pytest

from levier.faces.public.front.body import MOST_FIELDS, Unreadable, _form

BODIES = [
    b"",
    b"&&",
    b"=",
    b"=a&b=&c&d==e&f=g=h",
    b"first_name=Camille&last_name=Roch%C3%A9&email=camille%40exemple.fr",
    "first_name=Zoé&last_name=Ångström".encode(),
    b"a+b=c+d%2B&%41=%zz&%=%4&e=%00%0A%E2%80%AE",
    b"a=%C3&b=\xc3\xa9%A9&c=\xc3%A9&d=\xff%ff&e=%ed%a0%80",
    b"x=1&x=2&x=%33;y=4",
]


def by_the_library(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


@pytest.mark.parametrize("body", BODIES)
def test_a_form_is_read_as_the_library_reads_it(body: bytes) -> None:
    assert _form(body) == by_the_library(body)


def test_so_are_a_thousand_strange_ones() -> None:
    draw = Random(8686)
    pieces = [b"a", b"=", b"&", b"%", b"%4", b"%41", b"%C3%A9", b"+", b"\xc3", b"\xa9", b"\x00"]
    for _ in range(1_000):
        body = b"".join(draw.choices(pieces, k=draw.randrange(30)))
        assert _form(body) == by_the_library(body), body


def test_too_many_fields_are_not_a_form() -> None:
    assert len(_form(b"&".join(b"f%d=1" % n for n in range(MOST_FIELDS)))) == MOST_FIELDS
    with pytest.raises(Unreadable):
        _form(b"&".join(b"f%d=1" % n for n in range(MOST_FIELDS + 1)))
