from datetime import datetime

from django.db import connection, transaction

from levier.gathering.signing.errors import TooManyFromHere
from levier.gathering.signing.rules.guards import network_key, window_of

LINKS_PER_WINDOW = 30  # a school or an office behind one address
_COUNT = """
INSERT INTO levier_guard (key, "window", n) VALUES (%s, %s, 1)
ON CONFLICT (key, "window") DO UPDATE SET n = levier_guard.n + 1 RETURNING n
"""


@transaction.atomic
def count_network(
    *, network: str, now: datetime, what: str = "moi", limit: int = LINKS_PER_WINDOW
) -> None:
    """Count one more link asked for from a canonical network, or of something else, apart from
    what is signed there.

    Raises TooManyFromHere past the limit, whatever the address typed: it tells nothing (P29).
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [network_key(f"{what} {network}", now=now), window_of(now)])
        (asked,) = cursor.fetchone() or (0,)
    if asked > limit:
        raise TooManyFromHere
