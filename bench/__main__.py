"""`python -m bench`: every measure, a table at the end; exits 1 when a goal is missed.

Without wrk it says so and stops. A few minutes on two cores; nothing is left behind.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import django
import psycopg
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from bench.load import need_wrk
from bench.place import Place

MILLION = 1_000_000


def main() -> int:
    """Measure, and say."""
    parser = argparse.ArgumentParser(prog="bench", description="Mesures, en rapports.")
    names = ("storm", "million", "pages", "memory")
    parser.add_argument("only", nargs="*", choices=[*names, []], help="toutes sans argument")
    parser.add_argument("--many", type=int, default=MILLION, help="signatures déjà là")
    given = parser.parse_args()
    need_wrk()
    folder = Path(tempfile.mkdtemp(prefix="levier-bench-"))
    folder.chmod(0o711)
    try:
        return run(folder, given.only or list(names), given.many)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(folder: Path, only: list[str], many: int) -> int:
    """Measure in a data folder."""
    place = Place(folder)
    os.environ.update(place.environment)
    with place.server.joined():
        place.run("migrate")
        place.run("collectstatic", "--noinput")
        django.setup()
        return measure(place, only, many)


def measure(place: Place, only: list[str], many: int) -> int:
    """What was asked, on a started server."""
    from bench import memory, page_views, seed, sign_storm  # noqa: PLC0415 - Django is ready now
    from bench.table import Table  # noqa: PLC0415

    table, petition = Table(), seed.make_petition()
    steps: dict[str, Callable[[], None]] = {
        "storm": lambda: sign_storm.beside_the_ceiling(place, table),
        "million": lambda: sign_storm.beside_a_million(place, filled(place, many), table),
        "pages": lambda: page_views.beside_a_file(place, table),
        "memory": lambda: memory.after_a_storm(place, table),
    }

    def filled(empty: Place, many: int) -> Place:
        own = empty.beside("levier_million")
        print(f"  … {many} signatures sont écrites", flush=True)
        seed.sign_many(own.url, petition, many)
        return own

    if "million" in only:
        steps = {"copy": lambda: copy(place), **steps}
    for name, step in steps.items():
        if name in only or name == "copy":
            step()
    print(f"\n{table.text()}")
    return 0 if table.all_reached else 1


def copy(place: Place) -> None:
    """A second database like the first, before anybody signs."""
    connections.close_all()
    cast("DatabaseWrapper", connections["default"]).close_pool()
    with psycopg.connect(place.server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE levier_million TEMPLATE levier")


if __name__ == "__main__":
    sys.exit(main())
