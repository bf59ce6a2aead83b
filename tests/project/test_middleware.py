"""Rule 7: GET reads, POST writes, and PostgreSQL itself says no."""

from collections.abc import Iterator

import pytest
from django.db import InternalError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import path
from django.views.decorators.http import require_POST

WRITE = "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 't')"


def _jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def write(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(WRITE)
    return HttpResponse("done")


def read_then_write(request: HttpRequest) -> HttpResponse:
    _jobs()
    return write(request)


def write_then_fail(request: HttpRequest) -> HttpResponse:
    write(request)
    raise RuntimeError("after the write")


@transaction.non_atomic_requests
def stream(request: HttpRequest) -> HttpResponseBase:
    def pieces() -> Iterator[str]:
        for n in range(3):
            yield f"{n}:{_jobs()} "

    return StreamingHttpResponse(pieces())


@require_POST
def button(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def session(request: HttpRequest) -> HttpResponse:
    request.session["seen"] = request.session.get("seen", 0) + 1
    return HttpResponse(str(request.session["seen"]))


urlpatterns = [
    path("write/", write),
    path("read-then-write/", read_then_write),
    path("write-then-fail/", write_then_fail),
    path("stream/", stream),
    path("session/", session),
    path("button/", button),
]
pytestmark = [pytest.mark.urls(__name__)]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("address", ["/write/", "/read-then-write/"])
def test_a_safe_method_cannot_write(client: Client, method: str, address: str) -> None:
    with pytest.raises(InternalError, match="read-only transaction"):
        getattr(client, method)(address)
    assert _jobs() == 0


@pytest.mark.django_db
def test_a_post_writes(client: Client) -> None:
    assert client.post("/write/").status_code == 200
    assert _jobs() == 1


@pytest.mark.django_db(transaction=True)
def test_a_post_is_whole_or_nothing(client: Client) -> None:
    client.raise_request_exception = False
    assert client.post("/write-then-fail/").status_code == 500
    assert _jobs() == 0


@pytest.mark.django_db(transaction=True)
def test_a_read_leaves_the_connection_able_to_write(client: Client) -> None:
    assert client.get("/session/").content == b"1"
    assert client.get("/session/").content == b"2"
    assert client.post("/write/").status_code == 200
    assert _jobs() == 1


@pytest.mark.django_db(transaction=True)
def test_a_stream_reads_after_its_view(client: Client) -> None:
    response = client.get("/stream/")
    assert b"".join(response) == b"0:0 1:0 2:0 "


def test_the_address_of_a_button_opened_again_says_what_to_do(client: Client, db: None) -> None:
    response = client.get("/button/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "appuyez de nouveau sur le bouton" in response.content.decode()
    assert response["Content-Length"] == str(len(response.content))


@pytest.mark.parametrize(
    ("address", "host", "status"),
    [
        ("/static/levier/favicon.svg", "testserver", 200),
        ("/button/", "testserver", 405),
        ("/absent/", "testserver", 404),
        ("/button/", "ailleurs.example", 400),
    ],
)
def test_every_answer_carries_the_security_headers(
    client: Client, db: None, address: str, host: str, status: int
) -> None:
    response = client.get(address, headers={"Host": host})
    assert response.status_code == status
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
