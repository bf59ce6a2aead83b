"""Bits that rows keep: none ever changes place, and the planner knows each of them."""

import re

import pytest
from django.db import connection

from levier.foundation.people.queries.flags import (
    agreement_bits,
    any_agreement,
    reachable_bits,
    together,
)


def test_no_bit_ever_moves() -> None:
    assert {(c, p): bit for c, p, bit in agreement_bits()} == {
        ("email", "petition_news"): 1,
        ("email", "org_news"): 2,
        ("email", "continue"): 4,
        ("phone", "petition_news"): 256,
        ("phone", "org_news"): 512,
        ("phone", "continue"): 1024,
        ("post", "petition_news"): 65536,
        ("post", "org_news"): 131072,
        ("post", "continue"): 262144,
    }
    assert dict(reachable_bits()) == {"email": 1 << 24, "phone": 1 << 25, "post": 1 << 26}


def test_agreements_and_ways_never_meet() -> None:
    agreements = together(bit for _, _, bit in agreement_bits())
    ways = together(bit for _, bit in reachable_bits())
    assert agreements & ways == 0
    assert agreements & any_agreement() == agreements
    assert ways & any_agreement() == 0


@pytest.mark.django_db
def test_the_planner_is_told_of_every_bit() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(pg_get_statisticsobjdef(oid), ' ') FROM pg_statistic_ext"
            " WHERE stxrelid = 'levier_searchentry'::regclass"
        )
        told = str((cursor.fetchone() or ("",))[0])
    bits = {bit for _, _, bit in agreement_bits()} | {bit for _, bit in reachable_bits()}
    assert {int(bit) for bit in re.findall(r"flags & (\d+)", told)} == bits
