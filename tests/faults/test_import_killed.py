"""kill -9 of the worker while it writes past signatures and people sign (P12, P58)."""

from tests.faults.conftest import Crowd, Whole, check_the_books, check_the_thanks
from tests.running import wait_for

ROWS = 6_000
BRING = f"""
import time
from django.utils import timezone
from levier.foundation.people.actions.import_columns import guess
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.import_check import check_past
from levier.gathering.signing.actions.import_past import import_past
from levier.gathering.signing.actions.import_rows import TARGETS
from tests.importing import csv_of, fresh, received

people = ((n, n % 28 + 1) for n in range({ROWS}))
rows = [f"Éloïse;Lefèvre;ailleurs{{n}}@exemple.fr;;FR;{{day}}/04/2025" for n, day in people]
batch = received(Petition.objects.get(), csv_of(*rows), timezone.now())
columns = guess(batch.reading["columns"], TARGETS)
check_past(batch=batch, mapping={{"columns": columns, "country": "FR"}})
while fresh(batch).state != "checked":
    time.sleep(0.1)
import_past(batch=fresh(batch), by=None, now=timezone.now())
"""
STATE = "SELECT state, done, counts->>'new' FROM levier_importbatch"


def test_an_import_goes_on_after_its_worker_was_killed(levier: Whole) -> None:
    levier.run("shell", "-c", BRING)
    with Crowd(levier.site, people=2) as crowd:
        wait_for(lambda: levier.rows(STATE)[0][1] >= 1_000, "the first rows", 60)
        levier.kill("worker")
        cut = levier.rows(STATE)[0]
        crowd.has(50)
        wait_for(lambda: levier.rows(STATE)[0][1] > cut[1], "the import going on", 120)
        levier.kill("worker")
        wait_for(lambda: levier.rows(STATE)[0][0] == "done", "the import done", 180)
    assert set(crowd.statuses) == {201}
    assert levier.rows(STATE)[0][1:] == (ROWS, str(ROWS))
    ((brought, people),) = levier.rows(
        "SELECT count(*), count(DISTINCT person_id) FROM levier_signature WHERE source = 'import'"
    )
    assert (brought, people) == (ROWS, ROWS)
    check_the_books(levier, crowd)
    check_the_thanks(levier, crowd)
    assert not any(address.startswith("ailleurs") for address in levier.sink.received)
