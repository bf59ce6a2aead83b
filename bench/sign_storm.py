"""Signing: the whole path beside the bare ceiling, on an empty petition and on a million."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import psycopg
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from bench.load import CONNECTIONS, Load, middle, reading, storm
from bench.place import SLUG, Place
from bench.table import Table
from levier.foundation.ledger.queries import verify_chain
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies

ROUNDS, SECONDS, WARM = 4, 5.0, 2.0
PATH = f"/petitions/{SLUG}/signer/"
COUNTER = f"/petitions/{SLUG}/compteur.json"
READS = 1_000  # of the counter, each second
SAME_RATE, OF_CEILING, SLOWEST = 0.90, 0.50, 150.0  # the goals
SLOWER_ON_A_MILLION, SLOWER_WHILE_READ = 1.3, 2.0


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the things compared."""

    address: str
    path: str


def interleaved(*sides: Side) -> list[Load]:
    """Load each side in turn, again and again, so that what else the machine does is shared."""
    for side in sides:
        storm(side.address, side.path, WARM)
    rounds = [[storm(s.address, s.path, SECONDS) for s in sides] for _ in range(ROUNDS)]
    return [middle([turn[n] for turn in rounds]) for n in range(len(sides))]


def beside_the_ceiling(place: Place, table: Table) -> None:
    """The whole path beside one table and one group commit."""
    with place.levier(), place.reference("bench.ceiling:application") as bare:
        full, ceiling = interleaved(
            Side(address=place.base, path=PATH), Side(address=bare, path="/")
        )
    table.ratio("signer, tout compris", full.rate, ceiling.rate, "plafond nu", OF_CEILING)
    table.most(f"p99 à {CONNECTIONS} connexions", full.p99, SLOWEST, "ms")
    table.exact("aucun refus", wrong=_refusals(full))
    table.exact("numéros, décompte et journal", wrong=faults())


def beside_a_million(place: Place, million: Place, table: Table) -> None:
    """The same on a petition with a million signatures, beside an empty one."""
    with place.levier(), million.levier():
        empty, full = interleaved(
            Side(address=place.base, path=PATH), Side(address=million.base, path=PATH)
        )
    table.ratio("signer la 1 000 001e", full.rate, empty.rate, "pétition vide", SAME_RATE)
    table.times("p95 de la 1 000 001e", full.p95, empty.p95, "pétition vide", SLOWER_ON_A_MILLION)
    table.exact("aucun refus à 1 000 000", wrong=_refusals(full))
    with connected_to(million):
        table.exact("numéros, décompte et journal à 1 000 000", wrong=faults())


def while_counted(place: Place, table: Table) -> None:
    """Signing while the counter is read a thousand times a second, beside signing alone."""
    alone, beside, reads = [], [], []
    with place.levier():
        storm(place.base, PATH, WARM)
        for _ in range(ROUNDS):
            alone.append(storm(place.base, PATH, SECONDS))
            with reading(place.base + COUNTER, SECONDS, READS) as told:
                beside.append(storm(place.base, PATH, SECONDS))
            reads += told
    quiet, read, counter = middle(alone), middle(beside), middle(reads)
    often = f"{counter.rate:,.0f}".replace(",", " ")
    name = f"p95 de la signature, décompte lu {often} fois par seconde"
    table.times(name, read.p95, quiet.p95, "sans lecture", SLOWER_WHILE_READ)
    table.exact("aucun refus pendant les lectures", wrong=_refusals(read) or _refusals(counter))


def faults() -> str:
    """What is wrong with the numbers, the count or the log; empty when nothing is."""
    petition = Petition.objects.select_related("campaign").get()
    numbers = Signature.objects.filter(petition=petition, number__isnull=False)
    stored, tally = numbers.count(), Tally.objects.get(petition=petition)
    last = numbers.order_by("-number").values_list("number", flat=True).first() or 0
    if not stored == last == tally.last_number == tally.counted:
        return f"{stored} lignes, dernier numéro {last}, décompte {tally.counted}"
    if discrepancies():
        return "le décompte et les lignes diffèrent"
    broken = verify_chain(petition.campaign.organisation_id)
    return "" if broken is None else f"le journal est rompu à l’entrée {broken}"


@contextmanager
def connected_to(place: Place) -> Iterator[None]:
    """Django's connection on another database for a while."""
    connection = connections["default"]
    name, own = connection.settings_dict["NAME"], psycopg.conninfo.conninfo_to_dict(place.url)
    connections.close_all()
    cast("DatabaseWrapper", connection).close_pool()
    connection.settings_dict["NAME"] = own["dbname"]
    try:
        yield
    finally:
        connections.close_all()
        cast("DatabaseWrapper", connection).close_pool()
        connection.settings_dict["NAME"] = name


def _refusals(load: Load) -> str:
    wrong = load.refused + load.broken
    return f"{wrong} refus sur {load.requests}" if wrong else ""
