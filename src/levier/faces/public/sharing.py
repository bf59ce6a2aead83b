"""Share links: plain addresses with the text ready, nothing of a third party on the page (P44)."""

from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _


@dataclass(frozen=True, kw_only=True)
class Place:
    """Somewhere to share: its name, its icon, its address."""

    name: str
    icon: str
    address: str


def absolute(path: str) -> str:
    """A path of this site as an address to give away."""
    return f"{settings.BASE_URL}{path}"


def petition_address(slug: str) -> str:
    """The address of a petition's page."""
    return absolute(reverse("petition", args=[slug]))


def personal_address(code: str) -> str:
    """The address a signatory shares (P45)."""
    return absolute(reverse("share", args=[code]))


def mailto(subject: str, body: str) -> str:
    """A letter ready to be addressed (RFC 6068: lines end with CR LF)."""
    written = body.replace("\r\n", "\n").replace("\n", "\r\n")
    return f"mailto:?subject={quote(subject, safe='')}&body={quote(written, safe='')}"


def text_message(text: str) -> str:
    """An SMS ready to be addressed; `?&` is what both kinds of telephone understand."""
    return f"sms:?&body={quote(text, safe='')}"


def places(text: str, address: str) -> list[Place]:
    """Where a text and an address can be shared by a simple link."""
    words, link, both = quote(text, safe=""), quote(address, safe=""), quote(f"{text} {address}")
    return [
        Place(name="WhatsApp", icon="message", address=f"https://wa.me/?text={both}"),
        Place(name=_("SMS"), icon="phone", address=text_message(f"{text} {address}")),
        Place(
            name="Facebook",
            icon="web",
            address=f"https://www.facebook.com/sharer/sharer.php?u={link}",
        ),
        Place(name="Mastodon", icon="web", address=f"https://share.joinmastodon.org/#text={both}"),
        Place(
            name="Telegram",
            icon="message",
            address=f"https://t.me/share/url?url={link}&text={words}",
        ),
        Place(name="X", icon="web", address=f"https://x.com/intent/post?text={words}&url={link}"),
    ]


def qr_drawing(address: str) -> SafeString:
    """The QR code of an address, as inline SVG."""
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        dark="#26121f", light="#ffffff", border=3, omitsize=True
    )
    return mark_safe(drawing)  # noqa: S308 - drawn by segno, carries no text of ours


def qr_file(address: str) -> bytes:
    """The same as a file, with a size to print it at."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", dark="#26121f", light="#ffffff", border=3, scale=8
    )
    return out.getvalue()
