"""The few words of ASGI that the front speaks, and how a short answer is sent."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

NOTHING = b""


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer that fits in one piece."""

    status: int
    headers: Headers
    body: bytes = NOTHING


def header(scope: Scope, name: bytes) -> str:
    """A header of the request, its repetitions joined; empty when absent."""
    found = [value for key, value in scope["headers"] if key == name]
    return b",".join(found).decode("latin-1") if found else ""


async def send_whole(send: Send, answer: Whole) -> None:
    """Send an answer in one piece, its length told."""
    headers = [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def no_body() -> Receive:
    """The `receive` of a request whose body was read already; who asked never leaves."""
    events: list[Event] = [{"type": "http.request", "body": NOTHING, "more_body": False}]

    async def receive() -> Event:
        if events:
            return events.pop()
        await asyncio.Event().wait()  # until cancelled
        return {"type": "http.disconnect"}

    return receive
