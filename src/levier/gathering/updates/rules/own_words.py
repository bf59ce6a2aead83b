"""What is proposed to say to a decision-maker: a start, to be made one's own (U40, U41).

Three openings in rotation, so that a hundred letters do not begin alike; the team's text; and a
line left to fill, which is what gets read.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levier.foundation.common.typography import french_spaces, number
from levier.gathering.petitions.rules.addressees import Addressee
from levier.gathering.updates.enums import AskKind
from levier.gathering.updates.models.ask import Ask

SHORT = 240  # what fits on every network with a link and a handle


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What a message speaks of, and who signs it: "" where nobody is known."""

    title: str
    ask: str
    total: int
    addressee: Addressee
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message ready to be made one's own."""

    subject: str
    body: str


def _one_of_many(cause: Cause) -> str:
    words = {"title": french_spaces(cause.title), "total": number(cause.total)}
    if cause.total < 2:
        return _("J’ai signé la pétition « %(title)s ».") % words
    return _("Je suis l’une des %(total)s personnes qui ont signé « %(title)s ».") % words


def _to_you(cause: Cause) -> str:
    words = {"title": french_spaces(cause.title)}
    return _("J’ai signé la pétition « %(title)s », et je tiens à vous l’écrire moi-même.") % words


def _on_your_desk(cause: Cause) -> str:
    words = {"title": french_spaces(cause.title)}
    return (
        _("La pétition « %(title)s » vous est adressée. Je l’ai signée, et voici pourquoi.") % words
    )


OPENINGS: tuple[Callable[[Cause], str], ...] = (_one_of_many, _to_you, _on_your_desk)


def why_line() -> str:
    """The line that each supporter fills (U41)."""
    return _("Pourquoi cela me touche :")


def letter_for(ask: Ask, cause: Cause, *, turn: int) -> Letter:
    """The letter of that turn: openings come one after the other."""
    parts = [
        _salutation(cause.addressee),
        OPENINGS[turn % len(OPENINGS)](cause),
        ask.suggested_text.strip() or _asked(cause),
        f"{why_line()} ",
        _closing(cause.name),
    ]
    return Letter(subject=subject_of(cause), body="\n\n".join(parts))


def subject_of(cause: Cause) -> str:
    """What the letter is about, short and the same for all: it is found again."""
    return french_spaces(cause.title)


def as_sent(words: str) -> str:
    """The letter without the line that was left empty."""
    line = why_line()
    kept = [part for part in words.split("\n\n") if part.strip() not in {line, line[:-1].strip()}]
    return "\n\n".join(kept).strip()


def post_for(ask: Ask, cause: Cause) -> str:
    """Some words for a network; the address of the petition follows them."""
    words = {"title": french_spaces(cause.title), "total": number(cause.total)}
    said = ngettext(
        "%(total)s personne vous le demande : « %(title)s ». Que répondez-vous ?",
        "%(total)s personnes vous le demandent : « %(title)s ». Que répondez-vous ?",
        cause.total,
    )
    return ask.suggested_text.strip() or said % words


def script_for(ask: Ask, cause: Cause) -> list[str]:
    """The three sentences of a call (U42)."""
    own = [french_spaces(line.strip()) for line in ask.suggested_text.splitlines() if line.strip()]
    if own:
        return own
    words = {"title": french_spaces(cause.title), "name": cause.name or "…"}
    return [
        _("Bonjour, je m’appelle %(name)s et j’ai signé la pétition « %(title)s ».") % words,
        _asked(cause),
        _("Que comptez-vous répondre, et quand ?"),
    ]


def longest_for(kind: str) -> int:
    """How long words may be, by what they are for: a mail program takes two thousand signs."""
    return {
        AskKind.EMAIL: 2_000,
        AskKind.FACEBOOK: 2_000,
        AskKind.TWEET: SHORT,
        AskKind.ENCOURAGE: 1_000,
        AskKind.CELEBRATE: 1_000,
    }.get(AskKind(kind), 5_000)


def _asked(cause: Cause) -> str:
    return _("Ce que nous demandons : « %(ask)s »") % {"ask": french_spaces(cause.ask)}


def _salutation(addressee: Addressee) -> str:
    title = addressee.short.partition(" ")[0]
    said = {"Mme": _("Madame,"), "M.": _("Monsieur,")}
    return said.get(title, _("Madame, Monsieur,"))


def _closing(name: str) -> str:
    return f"{_('Respectueusement,')}\n{name}".strip()
