import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.tally import Tally


def beat(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def test_alive_asks_nothing_of_the_database(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/sante/vivant")
    assert (response.status_code, response.content) == (200, b"vivant\n")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("silences", "worker"), [([], "absentes"), ([300], "absentes"), ([300, 2], "pretes")]
)
def test_ready_tells_the_database_and_the_worker(
    client: Client, db: None, silences: list[int], worker: str
) -> None:
    for seconds in silences:
        beat(seconds)
    response = client.get("/sante/pret")
    assert response.status_code == 200
    assert response.json() == {"base": "prete", "taches": worker}


def test_metrics_are_behind_their_switch(
    client: Client, lilas: Petition, settings: Settings
) -> None:
    settings.METRICS = False
    assert client.get("/metrics").status_code == 404
    settings.METRICS = True
    Tally.objects.update(last_number=12, counted=10, confirmed=4, paper=3, held=2)
    said = client.get("/metrics").content.decode()
    assert 'levier_signatures{kind="counted"} 10.0' in said
    assert 'levier_signatures{kind="confirmed"} 4.0' in said
    assert 'levier_signatures{kind="held"} 2.0' in said
    assert "process_resident_memory_bytes" in said
