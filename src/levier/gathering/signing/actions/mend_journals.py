"""Comparing the journals with the signatures, and counting again what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from levier.foundation.people.enums import ActivityKind
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.carry import alone, carry
from levier.gathering.signing.actions.journal import journal, rebuild_journals
from levier.gathering.signing.queries.journals import petitions_unlike_lines, unlike_rows
from levier.gathering.signing.queries.news import (
    NOTHING_SEEN,
    news_between,
    signatures_of,
    snapshot_now,
)

UNREAD = 1_000_000  # activities looked at to know whose news is on its way


@dataclass(frozen=True, kw_only=True)
class Mended:
    """What the journals had wrong."""

    signatures: int  # changed without an activity that tells it
    petitions: Sequence[int]  # whose counts did not add up from their lines


def mend_journals() -> Mended:
    """Count again what the journals say otherwise than the signatures, tens of thousands at a
    time. What an activity still to be read tells of is left to the reader: it is only late."""
    signatures = sum(map(_mend, _suspects()))
    while carry():
        continue
    wrong = petitions_unlike_lines()
    for petition in Petition.objects.filter(pk__in=wrong):
        rebuild_journals(petition=petition)
    return Mended(signatures=signatures, petitions=wrong)


def _suspects() -> Iterator[list[int]]:
    last: int | None = 0
    while last is not None:
        found, last = unlike_rows(after=last)
        if found:
            yield found


@transaction.atomic
def _mend(signature_ids: Sequence[int]) -> int:
    news = news_between(
        cursor=alone().xid,
        before=NOTHING_SEEN,
        now=snapshot_now(),
        after=(0, 0),
        kinds=ActivityKind.values,
        limit=UNREAD,
    )
    return journal(signature_ids=set(signature_ids) - signatures_of(news))
