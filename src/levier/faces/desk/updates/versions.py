"""One draft written by two people at once: both versions, field by field."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from levier.foundation.common.html_cleaning import markdown_from_html
from levier.gathering.updates.enums import AskKind, UpdateKind
from levier.gathering.updates.errors import ChangedMeanwhile
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.rules.events import when_of
from levier.gathering.updates.rules.words import AskWords


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What one field says in each version."""

    label: str
    theirs: str
    mine: str


def two_versions(error: ChangedMeanwhile) -> list[Difference]:
    """Only what differs, in the order of the page."""
    return [one for one in _all(error) if one.theirs != one.mine]


def _all(error: ChangedMeanwhile) -> Iterator[Difference]:
    kept: Ask = error.theirs
    update, words, asked = kept.update, error.words, error.asked
    pairs = (
        (_("Ce qui se passe"), UpdateKind(update.kind).label, UpdateKind(words.kind).label),
        (_("Titre"), update.title, words.title),
        (_("La nouvelle"), markdown_from_html(update.body), markdown_from_html(words.body)),
        (_("Ce que vous demandez"), AskKind(kept.kind).label, AskKind(asked.kind).label),
        (_("Le bouton"), kept.label, asked.label),
        (_("Ce que vous demandez, en deux phrases"), kept.instructions, asked.instructions),
        (_("Le texte proposé"), kept.suggested_text, asked.suggested_text),
        (_("Le rendez-vous"), when_of(kept), when_of(_event(asked))),
        (_("Lieu"), kept.place, asked.place),
    )
    for label, theirs, mine in pairs:
        yield Difference(label=label, theirs=str(theirs), mine=str(mine))


def _event(asked: AskWords) -> Ask:
    """The event typed, as an ask that is no row."""
    return Ask(
        kind=asked.kind, starts_at=asked.starts_at, ends_at=asked.ends_at, zone=asked.zone or "UTC"
    )
