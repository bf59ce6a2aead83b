"""Reading: the page and the counter beside a file from the same server."""

from bench.load import Load, middle, read
from bench.place import SLUG, Place
from bench.table import Table

ROUNDS, SECONDS, WARM = 3, 3.0, 1.0
PAGE, COUNTER = f"/petitions/{SLUG}/", f"/petitions/{SLUG}/compteur.json"
STATIC = "/static/levier/favicon.svg"


def beside_a_file(place: Place, table: Table) -> None:
    """Pages beside bytes held in memory by a bare application: the strictest file there is."""
    with place.levier(), place.reference("bench.file:application") as bare:
        page, counter, held = _interleaved(place.base + PAGE, place.base + COUNTER, bare)
        own = read(place.base + STATIC, SECONDS)
    table.ratio("page de la pétition", page.rate, held.rate, "fichier nu", 0.50)
    table.ratio("compteur.json", counter.rate, held.rate, "fichier nu", 0.80)
    table.exact("aucun refus en lecture", wrong=_refusals(page, counter))
    print(f"    (fichier statique servi par Levier : {own.rate:,.0f}/s)", flush=True)


def _interleaved(*addresses: str) -> list[Load]:
    for address in addresses:
        read(address, WARM)
    rounds = [[read(address, SECONDS) for address in addresses] for _ in range(ROUNDS)]
    return [middle([turn[n] for turn in rounds]) for n in range(len(addresses))]


def _refusals(*loads: Load) -> str:
    wrong = sum(load.refused + load.broken for load in loads)
    return f"{wrong} refus" if wrong else ""
