"""Supporters: a list of a million beside a list of a thousand, a segment beside a bare scan, a
file beside a bare COPY."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any, cast
from urllib.parse import urlencode

import psutil
import psycopg
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.people_seed import people, vacuum
from bench.place import Place
from bench.table import Line, Table
from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Membership, User
from levier.foundation.people.models.search import SearchEntry
from levier.foundation.people.queries.supporters import counted
from levier.foundation.people.tasks.index_people import index_everyone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.queries.export import exported
from levier.gathering.signing.queries.kinds import supporters_vocabulary
from levier.gathering.signing.queries.listing import signatures_of
from levier.gathering.signing.queries.marks import SIGNATURE_MARKS
from levier.gathering.signing.queries.selection import Filters
from levier.project.database import database_settings

FEW = 1_000
ROUNDS = 9
LIST = "/tableau-de-bord/soutiens/"
#: What a page asks → whether its goal counts. A word that few have is looked up in an index; one
#: that many have is met on the way down the list.
PAGES = {
    "la liste": "",
    "par nom": "tri=nom",
    "« andré mar »": urlencode({"recherche": "andré mar"}),
    "une adresse": urlencode({"recherche": hashlib.md5(b"500").hexdigest()}),
    "étiquette et accord": "etiquette=1&accord=email:petition_news",
}
FIVE = {
    "mode": "all",
    "groups": [
        {
            "mode": "all",
            "conditions": [
                {"kind": "signe", "not": False, "values": {"petition": "1"}},
                {"kind": "confirme", "not": False, "values": {}},
                {"kind": "accord", "not": False, "values": {"accord": "email:petition_news"}},
                {"kind": "joignable", "not": False, "values": {"canal": "email"}},
                {"kind": "etiquette", "not": True, "values": {"etiquette": "1"}},
            ],
        }
    ],
}
_BARE = """
COPY (
    SELECT signature.number, signature.first_name, signature.last_name, point.typed,
        signature.postcode, signature.country, signature.signed_at, signature.confirmed_at,
        signature.state, signature.source, signature.show_name
    FROM levier_signature AS signature
    LEFT JOIN levier_contactpoint AS point ON point.id = signature.contact_point_id
    WHERE signature.petition_id = {petition}
    ORDER BY signature.signed_at DESC, signature.id DESC
) TO STDOUT (FORMAT csv)
"""


def of_a_million(places: tuple[Place, Place], petition: Petition, many: int, table: Table) -> None:
    """Fill both places, then measure."""
    few, lots = places
    for place, number in ((few, FEW), (lots, many)):
        people(place, petition, number)
        with using(place):
            started = time.perf_counter()
            index_everyone([SIGNATURE_MARKS])
            spent = time.perf_counter() - started
            print(f"  … {number} fiches indexées, {number / spent:,.0f}/s", flush=True)
        vacuum(place)
    _lists(few, lots, table)
    with using(lots):
        _segment(petition, many, table)
        _file(petition, table)


@contextmanager
def using(place: Place) -> Iterator[None]:
    """Django on the database of a place, for a while."""
    before = dict(connections.settings["default"])
    _point_to(database_settings(place.url))
    try:
        yield
    finally:
        _point_to(before)


def _point_to(settings: dict[str, Any]) -> None:
    wrapper = cast("DatabaseWrapper", connections["default"])
    wrapper.close()
    wrapper.close_pool()
    connections.settings["default"].update(settings)
    wrapper.settings_dict.update(settings)


def _lists(few: Place, lots: Place, table: Table) -> None:
    """The same pages of both, in turn: the middle of the rounds, and how many statements."""
    for name, query in PAGES.items():
        seconds: dict[Place, list[float]] = {few: [], lots: []}
        statements: dict[Place, int] = {}
        for _ in range(2):
            for place in (few, lots):
                with using(place):
                    taken, statements[place] = _page(query)
                    seconds[place] += taken
        small, large = median(seconds[few]), median(seconds[lots])
        _times(table, f"soutiens : {name}", large, small, f"{FEW} personnes", 2)
        if statements[few] != statements[lots]:
            table.exact(f"requêtes : {name}", wrong=f"{statements[few]} puis {statements[lots]}")


def _page(query: str) -> tuple[list[float], int]:
    client = Client()
    user = User.objects.get()
    now = timezone.now()
    Membership.objects.get_or_create(
        user=user, organisation_id=1, defaults={"role": Role.OWNER, "since": now}
    )
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    with CaptureQueriesContext(connection) as captured:
        _get(client, query)
    return [_timed(lambda: _get(client, query)) for _ in range(ROUNDS)], len(captured)


def _get(client: Client, query: str) -> None:
    response = client.get(f"{LIST}?{query}", SERVER_NAME="127.0.0.1")
    if response.status_code != 200 or b"row__title" not in response.content:
        raise RuntimeError(f"{response.status_code} pour {query}")


def _segment(petition: Petition, many: int, table: Table) -> None:
    """Five conditions counted, beside counting the bare rows of people."""
    organisation = petition.campaign.organisation_id
    vocabulary = supporters_vocabulary(organisation=organisation, now=timezone.now())
    found = vocabulary.q(vocabulary.read(FIVE))
    n = counted(found)
    bare = median(_timed(_scan) for _ in range(ROUNDS))
    taken = median(_timed(lambda: counted(found)) for _ in range(ROUNDS))
    _times(table, f"segment de cinq conditions, {n} sur {many}", taken, bare, "parcours nu", 5)


def _scan() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET enable_indexscan = off")
        cursor.execute("SET enable_indexonlyscan = off")
        cursor.execute("SELECT count(*) FROM levier_person")
        cursor.execute("RESET enable_indexscan")
        cursor.execute("RESET enable_indexonlyscan")


def _file(petition: Petition, table: Table) -> None:
    """The file of signatures, beside the same columns copied bare; and what it holds meanwhile."""
    n = SearchEntry.objects.count()
    process = psutil.Process()
    held = process.memory_info().rss
    peak = 0

    def ours() -> None:
        nonlocal peak
        for _ in exported(signatures_of(petition, Filters())):
            peak = max(peak, process.memory_info().rss - held)

    rates = []
    for _ in range(3):
        bare = n / _timed(lambda: _bare(petition))
        rates.append((n / _timed(ours), bare))
    mine, reference = sorted(rates, key=lambda pair: pair[0] / pair[1])[1]
    table.ratio("export CSV des signatures", mine, reference, "COPY nu", 0.5)
    table.most("mémoire prise par l’export", peak / 2**20, 32, "Mio")


def _bare(petition: Petition) -> None:
    connection.ensure_connection()
    wrapped = cast("psycopg.Connection", connection.connection)
    with wrapped.cursor().copy(_BARE.format(petition=petition.pk)) as rows:
        for _ in rows:
            pass


def _timed(gesture: Callable[[], object]) -> float:
    started = time.perf_counter()
    gesture()
    return time.perf_counter() - started


def _times(table: Table, what: str, value: float, reference: float, name: str, goal: float) -> None:
    """A time that must stay under so many times another."""
    table.add(
        Line(
            what=what,
            measured=f"{value * 1_000:,.1f} ms".replace(",", " "),
            reference=f"{reference * 1_000:,.1f} ms ({name})",
            ratio=f"× {value / reference:.2f}",
            goal=f"≤ × {goal:g}",
            reached=value / reference <= goal,
        )
    )
