"""What an address becomes in an SMTP envelope and in a header."""

import re
from functools import lru_cache
from typing import NamedTuple

import idna

from levier.foundation.messaging.errors import AddressRefused

LONGEST_LOCAL = 64  # octets, RFC 5321 4.5.3.1.1
LONGEST = 254
FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0<>()\[\]\\,;:\"\u2028\u2029]")


class Mailbox(NamedTuple):
    """An address ready for an envelope."""

    address: str  # local part as typed, domain in A-labels
    needs_utf8: bool  # the local part is not ASCII: the server must offer SMTPUTF8 (RFC 6531)


def mailbox(typed: str) -> Mailbox:
    """Read an address as a person typed it. Raises AddressRefused.

    The local part is its owner's business and kept; the domain becomes ASCII, so that only the
    rare address whose local part is not needs anything of the server (J11).
    """
    local, at, domain = typed.strip().rpartition("@")
    if not (at and local and domain) or FORBIDDEN.search(local):
        raise AddressRefused(typed)
    try:
        ascii_domain = _a_labels(domain)
    except idna.IDNAError as error:
        raise AddressRefused(typed) from error
    if len(local.encode()) > LONGEST_LOCAL or len(f"{local}@{ascii_domain}".encode()) > LONGEST:
        raise AddressRefused(typed)
    return Mailbox(f"{local}@{ascii_domain}", not local.isascii())


@lru_cache(10_000)
def _a_labels(domain: str) -> str:
    return idna.encode(domain, uts46=True).decode()
