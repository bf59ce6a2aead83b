"""Share links: plain addresses with the text ready, nothing of a third party on the page (P44)."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from levier.gathering.petitions.enums import ShareNetwork
from levier.gathering.petitions.models.petition import Version
from levier.gathering.petitions.rules.share_texts import words_for


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


#: Servers of the French-speaking Mastodon that anybody may join, and the page where any is named.
MASTODON = ("piaille.fr", "mamot.fr", "mastodon.social", "tooter.social", "mstdn.ca")
ANY_MASTODON = "https://share.joinmastodon.org/#text="


def places(text: str, address: str, texts: Mapping[str, str] | None = None) -> list[Place]:
    """Where words and an address can be shared by a simple link. `texts` are the words for some
    networks (ShareNetwork); the others get `text`."""
    said = {network.value: (texts or {}).get(network.value) or text for network in ShareNetwork}
    link = quote(address, safe="")
    both = {network: quote(f"{words} {address}", safe="") for network, words in said.items()}
    alone = {network: quote(words, safe="") for network, words in said.items()}
    telegram = f"url={link}&text={alone[ShareNetwork.TELEGRAM]}"
    return [
        Place(name="WhatsApp", icon="message", address=f"https://wa.me/?text={both['whatsapp']}"),
        Place(name=_("SMS"), icon="phone", address=text_message(f"{said['whatsapp']} {address}")),
        Place(
            name="Facebook",
            icon="web",
            address=f"https://www.facebook.com/sharer/sharer.php?u={link}",
        ),
        Place(
            name="Bluesky",
            icon="web",
            address=f"https://bsky.app/intent/compose?text={both['bluesky']}",
        ),
        Place(name="Mastodon", icon="web", address=f"{ANY_MASTODON}{both['mastodon']}"),
        Place(name="Telegram", icon="message", address=f"https://t.me/share/url?{telegram}"),
        Place(
            name="X", icon="web", address=f"https://x.com/intent/post?text={alone['x']}&url={link}"
        ),
    ]


def mastodon_places(text: str, address: str) -> list[Place]:
    """The same words on one's own server; any other one is named on Mastodon's own page."""
    both = quote(f"{text} {address}", safe="")
    known = [
        Place(name=server, icon="web", address=f"https://{server}/share?text={both}")
        for server in MASTODON
    ]
    return [*known, Place(name=_("un autre"), icon="web", address=f"{ANY_MASTODON}{both}")]


def share_context(version: Version, address: str, own: Mapping[str, str]) -> dict[str, Any]:
    """What `public/components/share_places.html` needs. `own` are the team's words."""
    texts = {network.value: words_for(network, version, own) for network in ShareNetwork}
    return {
        "places": places(texts["whatsapp"], address, texts),
        "mastodon": mastodon_places(texts["mastodon"], address),
        "to_paste": f"{texts['facebook']} {address}",
        "address": address,
        "title": version.title,
    }


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
