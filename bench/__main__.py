"""`python -m bench`: every measure, a table at the end; exits 1 when a goal is missed.

Without wrk it says so and stops. A few minutes on two cores; nothing is left behind.
"""

import argparse
import os
import shutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django

from bench.load import need_wrk
from bench.place import Place

MILLION = 1_000_000
MEASURES = "bench.measures"  # loaded once Django is ready


def main() -> int:
    """Measure, and say."""
    parser = argparse.ArgumentParser(prog="bench", description="Mesures, en rapports.")
    names = (
        *("storm", "million", "counted", "pages", "memory"),
        *("people", "imports", "updates", "sending"),
    )
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
        return int(import_module(MEASURES).measure(place, only, many))


if __name__ == "__main__":
    sys.exit(main())
