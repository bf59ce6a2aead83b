"""Asking the front as a server would, without one: ASGI in, whole answers out."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from levier.faces.public.front.application import Front
from levier.faces.public.front.asgi import Application, Event
from levier.project.handler import SyncStackHandler
from tests.cast import NOW

FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request."""

    path: str
    method: str = "GET"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    client: str = "203.0.113.7"

    def scope(self) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        named = {"host": "testserver", "content-length": str(len(self.body)), **dict(self.headers)}
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.encode(), v.encode("latin-1")) for k, v in named.items()],
            "client": (self.client, 4711),
            "server": ("testserver", 80),
        }


@dataclass(frozen=True, kw_only=True)
class Told:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


def signing(slug: str, form: dict[str, Any], *, accept: str = "", **headers: str) -> Asked:
    """A posted form, as a browser without JavaScript sends it."""
    return posting(slug, urlencode(form).encode(), FORM_TYPE, accept=accept, **headers)


def posting(slug: str, body: bytes, kind: str, *, accept: str = "", **headers: str) -> Asked:
    """Any body of any kind, posted to sign."""
    named = {"content-type": kind, **{k.replace("_", "-"): v for k, v in headers.items()}}
    if accept:
        named["accept"] = accept
    path = f"/petitions/{slug}/signer/"
    return Asked(path=path, method="POST", body=body, headers=tuple(named.items()))


async def answer_of(application: Application, asked: Asked) -> Told:
    """Ask once."""
    incoming: list[Event] = [{"type": "http.request", "body": asked.body, "more_body": False}]
    sent: list[Event] = []

    async def receive() -> Event:
        if incoming:
            return incoming.pop()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(event: Event) -> None:
        sent.append(event)

    await application(asked.scope(), receive, send)
    return told_by(sent)


def told_by(sent: Sequence[Event]) -> Told:
    """The answer in the events of one."""
    headers = {k.decode().lower(): v.decode("latin-1") for k, v in sent[0]["headers"]}
    body = b"".join(event.get("body", b"") for event in sent[1:])
    return Told(status=sent[0]["status"], headers=headers, body=body)


def ask(*asked: Asked, now: datetime = NOW) -> list[Told]:
    """Ask a started front one request after the other, with Django behind it."""

    async def run() -> list[Told]:
        front = Front(SyncStackHandler(), clock=lambda: now)
        await front.start()
        try:
            return [await answer_of(front, one) for one in asked]
        finally:
            await front.stop()

    return asyncio.run(run())


def ask_one(asked: Asked, *, now: datetime = NOW) -> Told:
    """Ask once."""
    return ask(asked, now=now)[0]


def answers_cut_short(asked: Asked, *, now: datetime = NOW) -> Told:
    """Ask once, and let the body be cut before its end."""

    async def run() -> Told:
        front = Front(SyncStackHandler(), clock=lambda: now)
        await front.start()
        sent: list[Event] = []
        events: list[Event] = [
            {"type": "http.disconnect"},
            {"type": "http.request", "body": b"first_name=P", "more_body": True},
        ]

        async def receive() -> Event:
            return events.pop() if len(events) > 1 else events[0]

        async def send(event: Event) -> None:
            sent.append(event)

        try:
            await front(asked.scope(), receive, send)
        finally:
            await front.stop()
        return told_by(sent)

    return asyncio.run(run())


__all__: Sequence[str] = (
    "Asked",
    "Told",
    "answer_of",
    "answers_cut_short",
    "ask",
    "ask_one",
    "posting",
    "signing",
)
