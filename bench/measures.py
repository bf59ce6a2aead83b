"""The measures, in the order of the table."""

from collections.abc import Callable
from typing import cast

import psycopg
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from bench import imports, memory, page_views, people, seed, sending, sign_storm, updates
from bench.place import Place
from bench.table import Table


def measure(place: Place, only: list[str], many: int) -> int:
    """What was asked, on a started server."""
    table, petition = Table(), seed.make_petition()
    steps: dict[str, Callable[[], None]] = {
        "storm": lambda: sign_storm.beside_the_ceiling(place, table),
        "million": lambda: sign_storm.beside_a_million(place, filled(place, many), table),
        "counted": lambda: sign_storm.while_counted(place, table),
        "pages": lambda: page_views.beside_a_file(place, table),
        "memory": lambda: memory.after_a_storm(place, table),
        "people": lambda: people.of_a_million(
            (place.beside("levier_few"), place.beside("levier_people")), petition, many, table
        ),
        "imports": lambda: imports.of_files(place, petition, many, table),
        "updates": lambda: updates.of_a_million(
            place.beside("levier_updates"), petition, many, table
        ),
        "sending": lambda: sending.to_a_million(place.beside("levier_sending"), many, table),
    }

    def filled(empty: Place, many: int) -> Place:
        own = empty.beside("levier_million")
        print(f"  … {many} signatures sont écrites", flush=True)
        seed.sign_many(own.url, petition, many)
        return own

    copies = [
        *(["levier_million"] if "million" in only else []),
        *(["levier_few", "levier_people"] if "people" in only else []),
        *(["levier_updates"] if "updates" in only else []),
        *(["levier_sending"] if "sending" in only else []),
    ]
    if copies:
        steps = {"copy": lambda: copy(place, copies), **steps}
    for name, step in steps.items():
        if name in only or name == "copy":
            step()
    print(f"\n{table.text()}")
    return 0 if table.all_reached else 1


def copy(place: Place, names: list[str]) -> None:
    """Other databases like the first, before anybody signs."""
    connections.close_all()
    cast("DatabaseWrapper", connections["default"]).close_pool()
    with psycopg.connect(place.server.url("postgres"), autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE levier")
