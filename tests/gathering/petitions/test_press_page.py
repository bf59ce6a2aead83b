"""What a page of the press says of itself, read from a real server."""

import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from levier.foundation.common.safe_http import NotPublic, WrongKind
from levier.gathering.petitions.channels.press_page import Proposal, read_press_page

HERE, ELSEWHERE = IPv4Address("127.0.0.1"), IPv4Address("127.0.0.2")
PAGES: dict[str, tuple[str, bytes]] = {}


class Newspaper(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body = PAGES[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def newspaper() -> Iterator[str]:
    server = ThreadingHTTPServer(("0.0.0.0", 0), Newspaper)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HERE}:{server.server_port}"
    server.shutdown()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, kind)
    return out.getvalue()


def read(newspaper: str, html: bytes, kind: str = "text/html; charset=utf-8") -> Proposal:
    PAGES["/a"] = (kind, html)
    return read_press_page(f"{newspaper}/a", allowed=HERE.__eq__, any_port=True)


def test_title_name_day_and_picture_are_proposed(newspaper: str, media: Path) -> None:
    PAGES["/une.png"] = ("image/png", picture())
    found = read(
        newspaper,
        b"<title>Autre</title><meta property='og:title' content='Rue des Lilas\n : &laquo; trop "
        b"dangereux &raquo;'><meta property=og:site_name content='Ouest-Valmont'>"
        b"<meta property='article:published_time' content='2026-09-12T08:00:00+02:00'>"
        b"<meta property='og:image' content='une.png'>",
    )
    assert (found.title, found.outlet, found.day) == (
        "Rue des Lilas : « trop dangereux »",
        "Ouest-Valmont",
        date(2026, 9, 12),
    )
    assert (media / found.image).read_bytes()[:3] == b"\xff\xd8\xff"


def test_a_bare_page_gives_its_title_and_its_host(newspaper: str) -> None:
    found = read(newspaper, b"<html><title>Une  piste\n</title><p>Rien")
    assert (found.title, found.outlet, found.day, found.image) == ("Une piste", str(HERE), None, "")


@pytest.mark.parametrize(
    ("kind", "html"),
    [
        ("text/html; charset=iso-8859-1", "<title>Été à Valmont</title>".encode("latin-1")),
        ("text/html", "<meta charset=windows-1252><title>Été à Valmont</title>".encode("cp1252")),
        ("text/html; charset=rien", "<title>Été à Valmont</title>".encode()),
        ("text/html", "<title>Été à Valmont</title>".encode()),
    ],
)
def test_accents_are_read_in_the_encodings_of_the_press(
    kind: str, html: bytes, newspaper: str
) -> None:
    assert read(newspaper, html, kind).title == "Été à Valmont"


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"\x00\xff\xfe" * 100,
        b"<title>" + b"a " * 50_000,
        b"<meta property='og:title' content='" + b"x" * 100_000 + b"'>",
        b"<meta property='article:published_time' content='hier'>",
        b"<![if ><!-- <title><title><meta content><meta property>",
        b"<title>&#0;&#x202e;&#10;</title>",
    ],
)
def test_any_page_gives_something_short_and_clean(html: bytes, newspaper: str) -> None:
    found = read(newspaper, html)
    assert len(found.title) <= 200
    assert found.title.isprintable()
    assert found.day is None


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("image/png", b"<html>"),
        ("text/html", picture()),
        ("image/png", picture("GIF")),
    ],
)
def test_a_picture_that_is_none_is_left_out(kind: str, body: bytes, newspaper: str) -> None:
    PAGES["/une"] = (kind, body)
    assert read(newspaper, b"<meta property='og:image' content='/une'>").image == ""


@pytest.mark.parametrize(
    "address",
    [f"http://{ELSEWHERE}/une", "file:/etc/passwd", "data:image/png;base64,AA", "http://["],
)
def test_a_picture_inside_our_network_is_not_fetched(address: str, newspaper: str) -> None:
    html = f"<title>Un</title><meta property='og:image' content='{address}'>".encode()
    assert read(newspaper, html).image == ""


def test_what_is_no_page_is_said_so(newspaper: str) -> None:
    with pytest.raises(WrongKind):
        read(newspaper, b"%PDF-", "application/pdf")
    with pytest.raises(NotPublic):
        read_press_page("http://169.254.169.254/latest/meta-data/")
