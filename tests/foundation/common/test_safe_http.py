"""Reading what somebody's address leads to, against a real server that means harm."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, ip_address
from typing import Any, cast

import pytest

from levier.foundation.common.safe_http import (
    Address,
    Fetched,
    NotPublic,
    TooMuch,
    Unreachable,
    WrongKind,
    fetch,
    is_public,
)

HERE, ELSEWHERE = IPv4Address("127.0.0.1"), IPv4Address("127.0.0.2")
PAGE = b"<title>Bonjour</title>"


class Trap(BaseHTTPRequestHandler):
    """Answers by path; remembers who asked what."""

    seen: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        self.seen.append((self.headers["Host"], self.path))
        name = self.path.strip("/").partition("?")[0].replace("-", "_") or "page"
        getattr(self, name, self.nothing)()

    def say(self, body: bytes, kind: str = "text/html; charset=UTF-8", **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def to(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Set-Cookie", "a=1")
        self.end_headers()

    def page(self) -> None:
        self.say(PAGE)

    def nothing(self) -> None:
        self.send_error(404)

    def back(self) -> None:
        self.to("/page")

    def inside(self) -> None:
        self.to(f"http://{ELSEWHERE}:{self.server.server_port}/page")  # type: ignore[attr-defined]

    def to_a_file(self) -> None:
        self.to("file:/etc/passwd")

    def round_and_round(self) -> None:
        self.to("/round-and-round")

    def huge(self) -> None:
        self.say(b"x" * 3_000_000)

    def announced(self) -> None:
        self.say(b"x", Content_Length="99999999999")

    def folded(self) -> None:
        self.say(b"\x1f\x8b" * 10, Content_Encoding="gzip")

    def picture(self) -> None:
        self.say(b"\x89PNG", "image/png")

    def slow(self) -> None:
        self.say(b"")
        self.drip()

    def slow_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Long: ")
        self.drip()

    def drip(self) -> None:
        for _ in range(100):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def trap() -> Iterator[str]:
    """The address of a server that listens on two addresses of this machine."""
    Trap.seen.clear()
    server = ThreadingHTTPServer(("0.0.0.0", 0), Trap)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients hang up
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HERE}:{server.server_port}"
    server.shutdown()


def read(address: str, allowed: Callable[[Address], bool] = HERE.__eq__, **more: Any) -> Fetched:
    return fetch(address, kinds={"text/html"}, allowed=allowed, any_port=True, **more)


def test_a_page_is_read(trap: str) -> None:
    found = read(f"{trap}/page")
    assert (found.content, found.kind, found.charset) == (PAGE, "text/html", "utf-8")
    assert read(f"{trap}/back").address == f"{trap}/page"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1"),
        *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
        *("2002:7f00:1::", "2001:0:5ef5:79fb::1", "64:ff9b:1::1"),
    ],
)
def test_addresses_that_are_not_the_public_web(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_addresses_of_the_public_web(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0/", "http://0x7f.1/"),
        *(
            "http://2130706433/",
            "http://127.1/",
            "http://[::ffff:7f00:1]/",
            "http://169.254.169.254/",
        ),
        "https://127.0.0.1/",
        *("file:/etc/passwd", "gopher://1.1.1.1/", "ftp://1.1.1.1/", "javascript:alert(1)"),
        *("http://1.1.1.1:22/", "http://1.1.1.1:8080/", "http://moi:secret@1.1.1.1/", "//1.1.1.1/"),
    ],
)
def test_the_default_reaches_nothing_private_by_any_spelling(address: str) -> None:
    with pytest.raises(NotPublic):
        fetch(address, kinds={"text/html"})


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://",
        "rien",
        "http://[",
        "http://exa mple/",
        "http://nowhere.invalid/",
        "http://0177.0.0.1/",
        "http://" + "a" * 3_000,
    ],
)
def test_what_is_no_address_is_said_so(address: str) -> None:
    with pytest.raises(Unreachable):
        fetch(address, kinds={"text/html"})


def test_a_redirection_to_a_private_address_is_not_followed(trap: str) -> None:
    Trap.seen.clear()
    with pytest.raises(NotPublic):
        read(f"{trap}/inside")
    assert [path for _host, path in Trap.seen] == ["/inside"]
    with pytest.raises(NotPublic):
        read(f"{trap}/to-a-file")


def test_redirections_end(trap: str) -> None:
    with pytest.raises(Unreachable):
        read(f"{trap}/round-and-round")


def test_a_name_with_one_private_address_among_others_is_refused(
    trap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch, [[HERE, ELSEWHERE]])
    with pytest.raises(NotPublic):
        read(trap.replace(str(HERE), "piege.example"))


def test_a_name_that_changes_its_mind_is_asked_once(
    trap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to the address that was checked (DNS rebinding)."""
    asked = names(monkeypatch, [[HERE], [ELSEWHERE]])
    Trap.seen.clear()
    assert read(trap.replace(str(HERE), "piege.example") + "/page").content == PAGE
    assert asked == ["piege.example"]
    assert [host.partition(":")[0] for host, _path in Trap.seen] == ["piege.example"]


def names(monkeypatch: pytest.MonkeyPatch, answers: list[list[IPv4Address]]) -> list[str]:
    """The name server, which says another thing each time it is asked."""
    true, asked = socket.getaddrinfo, list[str]()

    def getaddrinfo(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name != "piege.example":
            return true(host, port, *rest, **more)
        asked.append(name)
        told = answers[min(len(asked), len(answers)) - 1]
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (str(one), cast("int", port)))
            for one in told
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("path", ["huge", "announced"])
def test_a_body_too_big_is_left(path: str, trap: str) -> None:
    with pytest.raises(TooMuch):
        read(f"{trap}/{path}")


@pytest.mark.parametrize("path", ["slow", "slow-headers"])
def test_a_server_that_drips_is_left(path: str, trap: str) -> None:
    begun = time.monotonic()
    with pytest.raises(TooMuch):
        read(f"{trap}/{path}", seconds=0.5)
    assert time.monotonic() - begun < 4  # it would drip for five


@pytest.mark.parametrize("path", ["picture", "folded"])
def test_another_kind_is_left(path: str, trap: str) -> None:
    with pytest.raises(WrongKind):
        read(f"{trap}/{path}")


def test_an_error_is_no_page(trap: str) -> None:
    with pytest.raises(Unreachable):
        read(f"{trap}/nothing-there")
