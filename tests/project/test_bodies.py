"""What is heavy is refused before it is read, from whoever is not known."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from levier.project.bodies import DESK, PUBLIC, TEXT, Bounded

pytestmark = pytest.mark.django_db(transaction=True)
IMPORT = "/tableau-de-bord/soutiens/importer/"
LAUNCH = "/lancer/image/"
PIECE = b"x" * 65_536


class Sent:
    """One request through the limit: what was read of it, and what was answered."""

    def __init__(self, path: str, size: int, *, told: bool = True, cookie: str = "") -> None:
        self.read, self.pieces, self.status, self.body = 0, 0, 0, b""
        self.headers = [(b"host", b"testserver")]
        if told:
            self.headers.append((b"content-length", str(size).encode()))
        else:
            self.headers.append((b"transfer-encoding", b"chunked"))
        if cookie:
            self.headers.append((b"cookie", f"sessionid={cookie}".encode()))
        self._coming = self._body(size)
        scope = {"type": "http", "method": "POST", "path": path, "headers": self.headers}
        asyncio.run(Bounded(self._whole)(scope, self._receive, self._send))

    def _body(self, size: int) -> Iterator[dict[str, Any]]:
        for start in range(0, size, len(PIECE)):
            more = start + len(PIECE) < size
            yield {"type": "http.request", "body": PIECE[: size - start], "more_body": more}

    async def _receive(self) -> dict[str, Any]:
        self.pieces += 1
        return next(self._coming)

    async def _send(self, event: Mapping[str, Any]) -> None:
        if event["type"] == "http.response.start":
            self.status = event["status"]
        else:
            self.body += event["body"]

    async def _whole(self, scope: Any, receive: Any, send: Any) -> None:
        """As Django does: the whole body first, and no answer to who left."""
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                return
            self.read += len(event["body"])
            if not event["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"read"})

    @property
    def page(self) -> str:
        return self.body.decode()


def session(**kept: str) -> str:
    store = SessionStore()
    store.update({"seen": "yes", **kept})
    store.save()
    return str(store.session_key)


def test_an_anonymous_file_is_refused_at_the_desk_before_a_byte_is_read() -> None:
    sent = Sent(IMPORT, TEXT + 1)
    assert (sent.status, sent.pieces) == (413, 0)
    assert "votre session est finie" in sent.page


@pytest.mark.parametrize("cookie", ["", "0" * 32, "'; DROP TABLE", "é"])
def test_a_session_that_is_none_opens_nothing(cookie: str) -> None:
    assert Sent(IMPORT, TEXT + 1, cookie=cookie).status == 413
    assert Sent(IMPORT, TEXT + 1, cookie=session()).status == 413  # of a visitor


def test_who_is_signed_in_sends_a_table() -> None:
    sent = Sent(IMPORT, 3 * TEXT, cookie=session(**{SESSION_KEY: "1"}))
    assert (sent.status, sent.read) == (200, 3 * TEXT)


def test_a_table_heavier_than_any_is_refused_to_everybody() -> None:
    sent = Sent(IMPORT, DESK + 1, cookie=session(**{SESSION_KEY: "1"}))
    assert (sent.status, sent.pieces) == (413, 0)
    assert "200" in sent.page
    assert "session" not in sent.page


def test_in_public_a_picture_passes_and_a_film_does_not() -> None:
    assert Sent(LAUNCH, PUBLIC).status == 200
    refused = Sent(LAUNCH, PUBLIC + 1)
    assert (refused.status, refused.pieces) == (413, 0)
    assert Sent(LAUNCH, PUBLIC + 1, cookie=session(**{SESSION_KEY: "1"})).status == 413


@pytest.mark.parametrize("path", [IMPORT, LAUNCH])
def test_a_length_that_is_not_told_is_counted_as_it_comes(path: str) -> None:
    most = TEXT if path == IMPORT else PUBLIC
    assert Sent(path, most, told=False).status == 200
    refused = Sent(path, 2 * most, told=False)
    assert refused.status == 413
    assert refused.read <= most


def test_a_length_that_lies_is_counted_too() -> None:
    sent = Sent.__new__(Sent)
    sent.read, sent.pieces, sent.status, sent.body = 0, 0, 0, b""
    sent._coming = sent._body(2 * PUBLIC)
    headers = [(b"content-length", b"10")]
    scope = {"type": "http", "method": "POST", "path": LAUNCH, "headers": headers}
    asyncio.run(Bounded(sent._whole)(scope, sent._receive, sent._send))
    assert sent.status == 413
    assert sent.read <= PUBLIC
