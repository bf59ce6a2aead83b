"""Memory of web and worker once a hundred thousand people have signed."""

from bench.load import storm
from bench.place import Place, memory_of
from bench.sign_storm import PATH
from bench.table import Table

MANY, SECONDS, MOST = 100_000, 10.0, 300.0  # MiB


def after_a_storm(place: Place, table: Table) -> None:
    """PSS of both processes and their children; PostgreSQL apart."""
    with place.levier() as web, place.worker() as worker:
        signed = 0
        while signed < MANY:
            signed += storm(place.base, PATH, SECONDS).requests
        used = memory_of(web) + memory_of(worker)
    table.most(f"mémoire, web et tâches, après {signed} signatures", used / 2**20, MOST, "Mio")
