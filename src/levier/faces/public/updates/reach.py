"""How a supporter reaches the decision-maker: plain addresses, nothing of a third party (U43)."""

import re
from urllib.parse import quote

from levier.faces.public.sharing import ANY_MASTODON, MASTODON, Place
from levier.foundation.directory.enums import ContactType
from levier.foundation.directory.models import ContactDetail
from levier.gathering.updates.models.ask import Ask

NOT_DIALLED = re.compile(r"[^\d+]")


def public_contact(ask: Ask) -> ContactDetail | None:
    """The one the ask goes to, as long as it is marked public and professional (U45)."""
    contact = ask.contact
    return contact if contact is not None and contact.is_public else None


def letter_to(address: str, subject: str, body: str) -> str:
    """The supporter's own mail program, ready to be read again and sent (RFC 6068)."""
    lines = body.replace("\r\n", "\n").replace("\n", "\r\n")
    to = quote(address, safe="@")
    return f"mailto:{to}?subject={quote(subject, safe='')}&body={quote(lines, safe='')}"


def dial(number: str) -> str:
    """The number as a telephone takes it (RFC 3966)."""
    return f"tel:{NOT_DIALLED.sub('', number)}"


def post_places(words: str, address: str, contact: ContactDetail) -> list[Place]:
    """The three networks where words are put by a link, the handle first where it is known."""
    on = {kind: _to(contact, kind, words) for kind in ContactType}
    link = quote(address, safe="")
    return [
        Place(
            name="X",
            icon="web",
            address="https://x.com/intent/post?text="
            f"{quote(on[ContactType.X], safe='')}&url={link}",
        ),
        Place(
            name="Bluesky",
            icon="web",
            address="https://bsky.app/intent/compose?text="
            + quote(f"{on[ContactType.BLUESKY]} {address}", safe=""),
        ),
        Place(
            name="Mastodon",
            icon="web",
            address=ANY_MASTODON + quote(f"{on[ContactType.MASTODON]} {address}", safe=""),
        ),
    ]


def mastodon_servers(words: str, address: str, contact: ContactDetail) -> list[Place]:
    """The same words on one's own server (the choice is the share page's)."""
    text = quote(f"{_to(contact, ContactType.MASTODON, words)} {address}", safe="")
    return [
        Place(name=server, icon="web", address=f"https://{server}/share?text={text}")
        for server in MASTODON
    ]


def _to(contact: ContactDetail, network: str, words: str) -> str:
    return f"{contact.value} {words}" if contact.type == network else words
