"""Names of people in office, and the shape of what reaches them."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from levier.foundation.common.contact_fields import email, phone
from levier.foundation.directory.enums import ContactType

PARTICLES = frozenset(
    "al ben bin d’ da de del den der des di dos du el la le les van von".split()  # noqa: SIM905
)
LONGEST = 80


def family_name(name: str) -> str:
    """« Loïc Le Goff » → « Le Goff »: the last word, with the particles before it."""
    words = name.split()
    first = len(words) - 1
    while first > 1 and words[first - 1].lower() in PARTICLES:
        first -= 1
    return " ".join(words[max(first, 0) :])[:LONGEST]


HANDLE = re.compile(r"@?(\w{1,15})", re.ASCII)
BLUESKY = re.compile(r"@?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,20})", re.IGNORECASE)
MASTODON = re.compile(
    r"([\w.-]{1,64})@((?:[a-z0-9-]{1,63}\.)+[a-z]{2,20})", re.ASCII | re.IGNORECASE
)
FACEBOOK_HOSTS = frozenset({"facebook.com", "fr-fr.facebook.com", "m.facebook.com"})
FACEBOOK_PAGE = re.compile(r"[\w.%-]{2,150}(?:/\d{5,20})?")
PLACES = {"x": ("x.com", "twitter.com"), "bluesky": ("bsky.app",)}


def contact_value(type_: str, typed: str) -> str:
    """What is kept of what somebody typed or pasted; ValueError when it reaches nobody.

    A courriel and a number as they are; X « @nom », Bluesky « @nom.bsky.social », Mastodon
    « @nom@serveur.tld », Facebook « https://www.facebook.com/page ». A pasted address of the
    profile is understood.
    """
    typed = typed.strip()
    found = SHAPES[type_](typed)
    if not found:
        raise ValueError
    return found


def _x(typed: str) -> str:
    return _at(HANDLE, _last_part(typed, PLACES["x"]))


def _bluesky(typed: str) -> str:
    return _at(BLUESKY, _last_part(typed, PLACES["bluesky"])).lower()


def _mastodon(typed: str) -> str:
    if "://" in typed:
        parts = urlsplit(typed)
        typed = f"{parts.path.strip('/')}@{parts.hostname}"
    found = MASTODON.fullmatch(typed.removeprefix("@"))
    return f"@{found[1]}@{found[2].lower()}" if found else ""


def _facebook(typed: str) -> str:
    whole = typed if "://" in typed else f"https://{typed}"
    if "/" not in typed:
        whole = f"https://facebook.com/{typed.removeprefix('@')}"
    parts = urlsplit(whole)
    page = parts.path.strip("/")
    if (parts.hostname or "").removeprefix("www.") not in FACEBOOK_HOSTS:
        return ""
    return f"https://www.facebook.com/{page}" if FACEBOOK_PAGE.fullmatch(page) else ""


def _last_part(typed: str, hosts: tuple[str, ...]) -> str:
    """The profile's name in its pasted address; anything else as it is."""
    whole = urlsplit(typed if "://" in typed else f"https://{typed}")
    if (whole.hostname or "").removeprefix("www.") not in hosts or not whole.path.strip("/"):
        return typed
    return whole.path.strip("/").removeprefix("profile/")


def _at(shape: re.Pattern[str], typed: str) -> str:
    found = shape.fullmatch(typed)
    return f"@{found[1]}" if found else ""


SHAPES: dict[str, Callable[[str], str]] = {
    ContactType.EMAIL: email,
    ContactType.VOICE: phone,
    ContactType.X: _x,
    ContactType.BLUESKY: _bluesky,
    ContactType.MASTODON: _mastodon,
    ContactType.FACEBOOK: _facebook,
}
