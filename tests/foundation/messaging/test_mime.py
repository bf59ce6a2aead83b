"""The bytes of a mail, read back by Python's own parser."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levier.foundation.messaging.channels.mime import LONGEST_LINE, Letter, build
from levier.foundation.messaging.errors import AddressRefused, HeaderRefused
from levier.foundation.messaging.rules.identity import delivery_in, message_id
from levier.foundation.messaging.rules.mailboxes import mailbox
from tests.cast import NOW

LETTER = Letter(
    message_id="<d1.x@exemple.fr>",
    sender_name="Valmont à vélo",
    sender="bonjour@exemple.fr",
    recipient="camille@exemple.fr",
    subject="Merci",
    text="Bonjour\n",
    html="<p>Bonjour</p>\n",
    date=NOW,
)
LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=200)


def read(letter: Letter, eight_bit: bool = True) -> EmailMessage:
    message = message_from_bytes(build(letter, eight_bit=eight_bit), policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n").rstrip("\n")


@given(text=LINE, eight_bit=st.booleans())
def test_whatever_is_written_is_read_again(text: str, eight_bit: bool) -> None:
    message = read(replace(LETTER, subject=text, text=text, html=text), eight_bit)
    assert str(message["Subject"]).split() == text.split()
    assert body(message, "plain") == text
    assert body(message, "html") == text


@given(name=LINE)
def test_the_sender_keeps_its_name(name: str) -> None:
    raw = build(replace(LETTER, sender_name=name), eight_bit=True)
    # decode_header, because the parser of address lists leaves spaces between encoded words
    sender = str(make_header(decode_header(message_from_bytes(raw)["From"])))
    shown, _, address = sender.rpartition("<")
    assert address == "bonjour@exemple.fr>"
    unquoted = shown.replace('\\"', '"').replace("\\\\", "\\").strip().removeprefix('"')
    assert unquoted.removesuffix('"').split() == name.removeprefix('"').removesuffix('"').split()


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\x00", "\x85", "\u2028", "\x0b"])
@pytest.mark.parametrize("where", ["subject", "sender_name", "recipient", "reply_to", "sender"])
def test_J11_no_header_takes_a_second_line(where: str, mark: str) -> None:
    changed: dict[str, Any] = {where: f"x{mark}Bcc: victime@exemple.fr"}
    bad = replace(LETTER, **changed)
    with pytest.raises(HeaderRefused):
        build(bad, eight_bit=True)


def test_J11_nor_does_an_extra_one() -> None:
    with pytest.raises(HeaderRefused):
        build(replace(LETTER, extra={"X": "a\nBcc: b"}), eight_bit=True)


@pytest.mark.parametrize("eight_bit", [True, False])
def test_lines_stay_under_the_limit(eight_bit: bool) -> None:
    raw = build(replace(LETTER, html="é" * 5_000, subject="é" * 300), eight_bit=eight_bit)
    assert max(len(line) for line in raw.split(b"\r\n")) <= LONGEST_LINE
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("typed", "address", "utf8"),
    [
        ("Paul.T+x@Exemple.fr", "Paul.T+x@exemple.fr", False),
        ("zoé@exemple.fr", "zoé@exemple.fr", True),
        ("zoe@éxemple.fr", "zoe@xn--xemple-9ua.fr", False),
        ("o'hara/x@exemple.fr", "o'hara/x@exemple.fr", False),
    ],
)
def test_J11_unicode_addresses_are_carried(typed: str, address: str, utf8: bool) -> None:
    assert mailbox(typed) == (address, utf8)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "@exemple.fr",
        "x@",
        "a b@exemple.fr",
        "a@b c.fr",
        "a@exemple.fr>\r\nRCPT TO:<b@c.fr",
        "a>\r\nDATA\r\n@exemple.fr",
        "a\x00@exemple.fr",
        "a@-.fr",
        f"{'a' * 65}@exemple.fr",
        f"a@{'b.' * 130}fr",
    ],
)
def test_J11_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(AddressRefused):
        mailbox(typed)


def test_a_message_id_names_its_delivery_and_cannot_be_made_up() -> None:
    mine = message_id(8_686, domain="exemple.fr")
    assert delivery_in(mine) == 8_686
    assert delivery_in(mine.replace("d8686", "d8687")) is None
    assert delivery_in("<x@exemple.fr>") is None
    assert message_id(8_686, domain="exemple.fr") == mine
