"""Checking an organisation's log from end to end."""

from levier.foundation.ledger.models import START, Entry, TreeHead, leaf_hash, next_link

ROWS_AT_ONCE = 10_000


def verify_chain(scope: int) -> int | None:
    """The first place where the log of an organisation does not hold, or None when it does.

    Reads in a stream, whatever the length: a missing, altered, added or moved leaf, and a head
    that does not match the last link, are all found. Call it while nobody appends, or inside a
    REPEATABLE READ transaction.
    """
    expected, link = 1, START
    columns = ("seq", "leaf", "leaf_hash", "chain_hash")
    rows = Entry.objects.filter(scope=scope).order_by("seq").values_list(*columns)
    for seq, leaf, hashed, chained in rows.iterator(chunk_size=ROWS_AT_ONCE):
        link = next_link(link, leaf_hash(bytes(leaf)))
        sound = seq == expected and bytes(hashed) == leaf_hash(bytes(leaf))
        if not sound or bytes(chained) != link:
            return expected
        expected += 1
    head = TreeHead.objects.filter(scope=scope).first() or TreeHead(scope=scope)
    return None if (head.size, bytes(head.chain_hash)) == (expected - 1, link) else expected
