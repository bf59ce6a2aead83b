"""Django behind ASGI: one thread per request, and streams that stay streams."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path

from levier.project.handler import SyncStackHandler

log: list[str] = []


def stream(request: HttpRequest) -> HttpResponseBase:
    def pieces() -> Iterator[str]:
        for n in range(3):
            log.append(f"made {n}")
            yield str(n)

    return StreamingHttpResponse(pieces())


def where(request: HttpRequest) -> HttpResponse:
    return HttpResponse(threading.current_thread().name)


urlpatterns = [path("stream/", stream), path("where/", where)]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]


async def _get(address: str) -> bytes:
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "query_string": b"",
        "headers": [(b"host", b"testserver")],
    }
    sent: list[bytes] = []
    waiting = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for event in waiting:
            return event
        return await _never()

    async def send(event: Mapping[str, Any]) -> None:
        if event.get("body"):
            log.append(f"sent {event['body'].decode()}")
            sent.append(event["body"])

    await SyncStackHandler()(scope, receive, send)
    return b"".join(sent)


async def _never() -> dict[str, Any]:
    """A visitor who stays until the answer is whole."""
    return await asyncio.Future()


async def test_a_stream_goes_out_piece_by_piece() -> None:
    log.clear()
    assert await _get("/stream/") == b"012"
    assert log == ["made 0", "sent 0", "made 1", "sent 1", "made 2", "sent 2"]


async def test_a_view_never_holds_the_loop() -> None:
    assert await _get("/where/") != threading.current_thread().name.encode()
