"""What is proposed to say on each network: the team's words, or good ones by default (P44).

The link follows the words; each network counts it its own way, and it always fits.
"""

import re
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from levier.foundation.common.typography import french_spaces
from levier.gathering.petitions.enums import ShareNetwork
from levier.gathering.petitions.models.petition import ASK_LENGTH, TITLE_LENGTH, Version

TITLE, ASK = "{titre}", "{demande}"
_NAMED = re.compile("|".join(map(re.escape, (TITLE, ASK))))
#: Stands for every petition: words that fit with these fit with all.
LONGEST = Version(title="n" * TITLE_LENGTH, ask="n" * ASK_LENGTH)
#: Any petition, as its words are written above it.
ANY = Version(title=TITLE, ask=ASK)
LINK_ROOM = 24  # what X and Mastodon count for any link, with its space
PERSONAL_LINK = len("/s/") + 8
# What a whole message may hold there. The last three have no limit of their own that matters.
WHOLE = {
    ShareNetwork.X: 280,
    ShareNetwork.BLUESKY: 300,
    ShareNetwork.MASTODON: 500,
    ShareNetwork.FACEBOOK: 1_000,
    ShareNetwork.WHATSAPP: 1_000,
    ShareNetwork.TELEGRAM: 1_000,
    ShareNetwork.EMAIL: 2_000,
}
# X counts for two what is neither Latin, Greek, Cyrillic, Hebrew, Arabic nor plain punctuation.
LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))


def room_for(network: str) -> int:
    """How many characters the words may have, the link being there too."""
    whole = WHOLE[ShareNetwork(network)]
    if network in {ShareNetwork.X, ShareNetwork.MASTODON}:
        return whole - LINK_ROOM
    return whole - len(settings.BASE_URL) - PERSONAL_LINK - 1


def weight(network: str, text: str) -> int:
    """How many characters the network counts in a text."""
    if network != ShareNetwork.X:
        return len(text)
    return sum(1 if any(a <= ord(c) <= b for a, b in LIGHT) else 2 for c in text)


def words_for(network: str, version: Version, own: Mapping[str, str]) -> str:
    """What to say there about a petition one has signed: the team's own words, or ours."""
    return team_words(network, version, own) or default_words(network, version)


def team_words(network: str, version: Version, own: Mapping[str, str]) -> str:
    """The team's words, with the petition's title and demand where they are named; nothing when
    there are none, or when this petition makes them too long."""
    said = filled(own.get(network, ""), version)
    return said if weight(network, said) <= room_for(network) else ""


def filled(text: str, version: Version) -> str:
    """A text with what `{titre}` and `{demande}` stand for."""
    said = {TITLE: french_spaces(version.title), ASK: french_spaces(version.ask)}
    return _NAMED.sub(lambda found: said[found[0]], text)


def default_words(network: str, version: Version) -> str:
    """Our own, when the team has none: short enough everywhere, whatever the title."""
    words = {"title": french_spaces(version.title), "ask": french_spaces(version.ask)}
    if network == ShareNetwork.EMAIL:
        long = _("Bonjour,\n\nJe viens de signer « %(title)s ».\n\n%(ask)s\n\nTu signes aussi ?")
        return long % words
    if network in {ShareNetwork.X, ShareNetwork.BLUESKY}:
        return _("Je viens de signer « %(title)s »") % words
    return _("Je viens de signer « %(title)s ». Tu signes aussi ?") % words
