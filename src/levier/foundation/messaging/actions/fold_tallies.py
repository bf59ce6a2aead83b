from django.db import connection, transaction

_FOLD = """
WITH gone AS (
    DELETE FROM levier_messagetally WHERE slot <> 0 AND slot NOT IN (
        SELECT pid FROM pg_stat_activity
    )
    RETURNING message_id, state, n
)
INSERT INTO levier_messagetally AS tally (message_id, slot, state, n)
SELECT message_id, 0, state, sum(n) FROM gone GROUP BY message_id, state
ORDER BY message_id, state
ON CONFLICT (message_id, slot, state) DO UPDATE SET n = tally.n + excluded.n
"""


@transaction.atomic
def fold_tallies() -> int:
    """Bring together what connections that are no more have counted. Returns how many sums were
    written; the figures are the same before, during and after."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD)
        return int(cursor.rowcount)
