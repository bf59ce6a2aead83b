"""What a link brought goes up the tree: a chain of thousands, a star of thousands, in bounded
passes."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions import carry as carrying
from levier.gathering.signing.actions.carry import carry, passed_on
from levier.gathering.signing.actions.journal import journal, rebuild_journals
from levier.gathering.signing.models.journals import ReferralTally
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from tests.cast import NOW, make_signature
from tests.journals import told, true

pytestmark = pytest.mark.django_db


def plant(petition: Petition, brought_by: Callable[[int], int | None], how_many: int) -> list[int]:
    """Signatures in bulk; `brought_by` gives the rank of who brought each."""
    first = make_signature(petition)
    pks = [first.pk]
    rows = Signature.objects.bulk_create(
        Signature(
            petition=petition,
            version=petition.version,
            number=n + 1,
            state="counted",
            source="web",
            signed_at=NOW,
        )
        for n in range(1, how_many)
    )
    pks += [row.pk for row in rows]
    for n, row in enumerate(rows, start=1):
        parent = brought_by(n)
        row.referred_by_id = None if parent is None else pks[parent]
    Signature.objects.bulk_update(rows, ["referred_by"], batch_size=1_000)
    Tally.objects.filter(petition=petition).update(last_number=how_many, counted=how_many)
    return pks


def test_a_chain_of_two_thousand_counts_to_its_end(lilas: Petition) -> None:
    pks = plant(lilas, lambda n: n - 1, 2_000)
    journal(signature_ids=pks)
    passes = 0
    while carry():
        passes += 1
    assert ReferralTally.objects.get(pk=pks[0]).total == 1_999
    assert ReferralTally.objects.get(pk=pks[1_000]).total == 999
    assert ReferralTally.objects.exclude(owed=0).count() == 0
    assert passes <= 2  # from the youngest to the oldest, each passes on once


def test_one_more_at_the_end_of_a_chain_is_one_pass_of_few_statements(lilas: Petition) -> None:
    pks = plant(lilas, lambda n: n - 1, 2_000)
    rebuild_journals(petition=lilas)
    last = make_signature(lilas, referred_by=Signature.objects.get(pk=pks[-1]))
    with CaptureQueriesContext(connection) as queries:
        journal(signature_ids=[last.pk])
        carry()
    assert ReferralTally.objects.get(pk=pks[0]).total == 2_000
    assert len([q for q in queries if "levier_" in q["sql"]]) <= 10


def test_a_chain_longer_than_a_pass_is_carried_by_the_next_ones(
    lilas: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pass has an end; what it leaves is owed, not lost."""
    monkeypatch.setattr(carrying, "AT_ONCE", 20)
    monkeypatch.setattr(carrying, "HIGHEST", 50)
    pks = plant(lilas, lambda n: n - 1, 300)
    journal(signature_ids=pks)
    counts = []
    while done := carry():
        counts.append(done)
    assert max(counts) <= 50
    assert told(lilas) == true(lilas)


def test_a_star_of_five_thousand(lilas: Petition) -> None:
    pks = plant(lilas, lambda n: 0, 5_000)
    with CaptureQueriesContext(connection) as queries:
        journal(signature_ids=pks)
        carry()
    assert len([q for q in queries if "levier_" in q["sql"]]) <= 10
    tally = ReferralTally.objects.get()
    assert (tally.pk, tally.direct, tally.total) == (pks[0], 4_999, 4_999)


def test_withdrawing_in_the_middle_takes_one_from_everyone_above(lilas: Petition) -> None:
    pks = plant(lilas, lambda n: n - 1, 10)
    rebuild_journals(petition=lilas)
    Signature.objects.filter(pk=pks[5]).update(state="withdrawn")
    journal(signature_ids=[pks[5]])
    while carry():
        continue
    totals = {row.pk: (row.direct, row.total) for row in ReferralTally.objects.all()}
    assert totals[pks[0]] == (1, 8)
    assert totals[pks[4]] == (0, 4)
    assert totals[pks[5]] == (1, 4)
    assert told(lilas) == true(lilas)


def test_a_link_whose_own_signature_was_never_counted_still_passes_on(lilas: Petition) -> None:
    """Held, it brings nobody itself; whom it brought counts for whoever brought it."""
    hub = make_signature(lilas)
    held = make_signature(lilas, state="held", referred_by=hub)
    journal(signature_ids=[hub.pk, held.pk])
    last = make_signature(lilas, referred_by=held)
    journal(signature_ids=[last.pk])
    while carry():
        continue
    assert told(lilas)["links"] == {held.pk: (1, 1), hub.pk: (0, 1)}


def test_what_is_brought_by_who_is_not_counted_in_yet_waits(lilas: Petition) -> None:
    """The one below may be read before the one above: nothing is lost, nothing is twice."""
    pks = plant(lilas, lambda n: n - 1, 4)
    for pk in reversed(pks):
        journal(signature_ids=[pk])
        carry()
    while carry():
        continue
    assert told(lilas) == true(lilas)


TREES = st.lists(st.integers(0, 1_000), min_size=1, max_size=30).map(
    lambda picks: {n: pick % n or None for n, pick in enumerate(picks, start=1)}
)


@given(brought_by=TREES, data=st.data())
def test_nothing_is_lost_on_the_way_up(
    brought_by: dict[int, int | None], data: st.DataObject
) -> None:
    owing = data.draw(st.dictionaries(st.sampled_from(sorted(brought_by)), st.integers(-3, 5)))
    gained, owed, _ = passed_on(owing, brought_by)
    for pk in brought_by:
        below = sum(amount for one, amount in owing.items() if is_below(one, pk, brought_by))
        assert gained.get(pk, 0) == below
        assert owed.get(pk, 0) == -owing.get(pk, 0)


def is_below(one: int, other: int, brought_by: dict[int, int | None]) -> bool:
    above = brought_by[one]
    while above is not None:
        if above == other:
            return True
        above = brought_by[above]
    return False
