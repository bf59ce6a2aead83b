"""What a search entry says in bits: agreements in force, and ways to reach the person."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from levier.foundation.people.enums import Channel, Purpose

# Written in rows: what is added goes to the end of its list, and nothing ever changes place.
CHANNELS = (Channel.EMAIL, Channel.PHONE, Channel.POST)
PURPOSES = (Purpose.PETITION_NEWS, Purpose.ORG_NEWS, Purpose.CONTINUE)
_ROOM = 8  # purposes of one channel
_REACHABLE = 24


def agreed(channel: str, purpose: str) -> int:
    """The bit of an agreement in force."""
    return 1 << (_channel(channel) * _ROOM + [str(one) for one in PURPOSES].index(purpose))


def in_words(purpose: Purpose) -> str:
    """What the bit of a purpose says: of the news of petitions, that some are agreed to."""
    if purpose == Purpose.PETITION_NEWS:
        return _("nouvelles d’une pétition au moins")
    return str(purpose.label)


def reachable(channel: str) -> int:
    """The bit of an address that can be written to, or a number that can be called."""
    return 1 << (_REACHABLE + _channel(channel))


def any_agreement() -> int:
    """All the bits of agreements."""
    return (1 << _REACHABLE) - 1


def agreement_bits() -> list[tuple[str, str, int]]:
    """(channel, purpose, bit) of each, for SQL."""
    return [(str(c), str(p), agreed(c, p)) for c in CHANNELS for p in PURPOSES]


def reachable_bits() -> list[tuple[str, int]]:
    """(channel, bit) of each, for SQL."""
    return [(str(channel), reachable(channel)) for channel in CHANNELS]


def together(bits: Iterable[int]) -> int:
    """Several bits as one number."""
    found = 0
    for bit in bits:
        found |= bit
    return found


def _channel(channel: str) -> int:
    return [str(one) for one in CHANNELS].index(channel)
