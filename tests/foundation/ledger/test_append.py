"""Adding to a log, and checking it from end to end."""

import hashlib
import json
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from levier.foundation.ledger.actions import append_audit, append_leaves, append_withdrawal
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry, TreeHead
from levier.foundation.ledger.queries import verify_chain
from levier.foundation.ledger.rules import (
    canonical_json,
    commitment,
    milliseconds,
    opens,
    signature_leaf,
)

ADDED = """
INSERT INTO levier_entry SELECT scope, 4, kind, leaf, leaf_hash, chain_hash, at
FROM levier_entry WHERE seq = 3
"""
PETITION = UUID("12345678-1234-5678-1234-567812345678")


def three(now: datetime) -> list[Entry]:
    leaves = [b"one", b"two", b"three"]
    return append_leaves(scope=7, kind=EntryKind.AUDIT, leaves=leaves, now=now)


def tamper(statement: str) -> None:
    """Change the log as only the owner of the database could, its trigger put aside."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE levier_entry DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE levier_entry ENABLE TRIGGER USER")


@pytest.mark.django_db
def test_entries_are_numbered_and_chained(now: datetime) -> None:
    entries = three(now)
    assert [entry.seq for entry in entries] == [1, 2, 3]
    link = bytes(32)
    for entry in Entry.objects.order_by("seq"):
        hashed = hashlib.sha256(b"\0" + bytes(entry.leaf)).digest()
        link = hashlib.sha256(link + hashed).digest()
        assert (bytes(entry.leaf_hash), bytes(entry.chain_hash)) == (hashed, link)
    head = TreeHead.objects.get(pk=7)
    assert (head.size, bytes(head.chain_hash)) == (3, link)


@pytest.mark.django_db
def test_each_organisation_has_its_own_log(now: datetime) -> None:
    three(now)
    entry = append_audit(scope=8, body={"kind": "paused"}, by=3, now=now)
    assert (entry.scope, entry.seq) == (8, 1)
    assert verify_chain(7) is None
    assert verify_chain(8) is None
    assert verify_chain(9) is None


@pytest.mark.django_db
def test_an_audit_entry_says_who_and_when(now: datetime) -> None:
    entry = append_audit(scope=7, body={"kind": "paused", "petition": 12}, by=3, now=now)
    assert json.loads(bytes(entry.leaf)) == {
        "kind": "paused",
        "petition": 12,
        "by": 3,
        "at": "2026-09-16T09:40:00+02:00",
    }


@pytest.mark.django_db
def test_a_withdrawal_names_the_number_only(now: datetime) -> None:
    entry = append_withdrawal(scope=7, petition=PETITION, number=8686, now=now)
    expected = b"\x01\x02" + PETITION.bytes + (8686).to_bytes(8) + milliseconds(now).to_bytes(8)
    assert entry.leaf == expected


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE levier_entry SET leaf = 'tva' WHERE seq = 2", 2),
        ("UPDATE levier_entry SET leaf_hash = sha256('x') WHERE seq = 3", 3),
        ("UPDATE levier_entry SET chain_hash = sha256('x') WHERE seq = 1", 1),
        ("DELETE FROM levier_entry WHERE seq = 2", 2),
        ("DELETE FROM levier_entry WHERE seq = 3", 3),
        (ADDED, 4),
        ("UPDATE levier_treehead SET size = 2", 4),
    ],
)
def test_any_change_is_found_where_it_was_made(now: datetime, statement: str, broken: int) -> None:
    three(now)
    tamper(statement)
    assert verify_chain(7) == broken


def test_a_leaf_opens_for_its_facts_only(now: datetime) -> None:
    facts, salt = {"email": "paul@exemple.fr", "first_name": "Paul"}, bytes(range(16))
    committed = commitment(salt, facts)
    leaf = signature_leaf(petition=PETITION, number=1, at=now, committed=committed)
    assert len(leaf) == 66
    assert opens(leaf, salt=salt, facts=facts)
    assert not opens(leaf, salt=bytes(16), facts=facts)
    assert not opens(leaf, salt=salt, facts={**facts, "first_name": "Paule"})


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=5))
def test_canonical_json_is_what_any_language_writes(facts: dict[str, str]) -> None:
    plain = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical_json(facts) == plain.encode()
