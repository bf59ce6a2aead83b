"""The ways to reach a server: in clear, secured at once or on the way, with a password."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import LazySettings

from levier.foundation.messaging.channels.route import Route, route_from
from levier.foundation.messaging.channels.smtp import Envelope as Mail
from levier.foundation.messaging.channels.smtp import RouteDown, SmtpConnection
from tests.running import free_port

MAIL = Mail(sender="a@exemple.fr", recipient="b@exemple.fr", content=b"Subject: x\r\n\r\n.y\r\n")


class Keep:
    def __init__(self) -> None:
        self.kept: list[tuple[str, bool]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert envelope.content == MAIL.content
        login = getattr(session.auth_data, "login", b"").decode()
        self.kept.append((login, session.ssl is not None))
        return "250 2.0.0 ok"


def check(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    return AuthResult(success=data.password == "à; secret".encode(), handled=False, auth_data=data)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of our own, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=3))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def context(certificate: Path) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(certificate)
    return made


@contextmanager
def listening(handler: Keep, **options: Any) -> Iterator[int]:
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def deliver(route: Route) -> int:
    async def work() -> int:
        connection = await SmtpConnection.connect(route)
        answers = [await connection.submit(MAIL) for _ in range(2)]
        await connection.quit()
        return answers[-1].reply.code

    return asyncio.run(work())


@pytest.mark.parametrize("scheme", ["smtp+tls", "smtps"])
@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN"])
def test_secured_and_identified(certificate: Path, scheme: str, mechanisms: str) -> None:
    handler, tls = Keep(), context(certificate)
    options = {
        "authenticator": check,
        "auth_exclude_mechanism": {"PLAIN", "LOGIN"} - {mechanisms},
        **({"ssl_context": tls} if scheme == "smtps" else {"tls_context": tls}),
        **({"auth_require_tls": False} if scheme == "smtps" else {"require_starttls": True}),
    }
    with listening(handler, **options) as port:
        route = route_from(f"{scheme}://levier:%C3%A0%3B%20secret@127.0.0.1:{port}")
        assert deliver(replace(route, ca_file=str(certificate), timeout=5)) == 250
    assert [login for login, _ in handler.kept] == ["levier", "levier"]


def test_a_certificate_of_unknown_origin_is_refused(certificate: Path) -> None:
    with (
        listening(Keep(), tls_context=context(certificate)) as port,
        pytest.raises(RouteDown, match="certificate verify failed"),
    ):
        deliver(replace(route_from(f"smtp+tls://127.0.0.1:{port}"), timeout=5))


def test_a_server_without_tls_does_not_get_the_mail_in_clear() -> None:
    handler = Keep()
    with listening(handler) as port, pytest.raises(RouteDown, match="STARTTLS"):
        deliver(replace(route_from(f"smtp+tls://127.0.0.1:{port}"), timeout=5))
    assert handler.kept == []


def test_a_wrong_password_is_the_routes_fault() -> None:
    options = {"authenticator": check, "auth_require_tls": False}
    with listening(Keep(), **options) as port, pytest.raises(RouteDown, match="535"):
        deliver(replace(route_from(f"smtp://levier:non@127.0.0.1:{port}"), timeout=5))


def test_what_the_address_says() -> None:
    assert (route_from("smtp://a").port, route_from("smtps://a").port) == (25, 465)
    route = route_from("smtp+tls://u%40x:p%3A@mail.exemple.fr")
    assert (route.host, route.port, route.user, route.password) == (
        "mail.exemple.fr",
        587,
        "u@x",
        "p:",
    )
    assert (route.start_tls, route.implicit_tls) == (True, False)


@pytest.mark.parametrize(
    ("site", "greeting"),
    [
        ("https://petitions.exemple.fr", "petitions.exemple.fr"),
        ("http://127.0.0.1:8000", "[127.0.0.1]"),
        ("http://[::1]:8000", "[IPv6:::1]"),
    ],
)
def test_who_we_say_we_are(settings: LazySettings, site: str, greeting: str) -> None:
    settings.BASE_URL = site
    assert route_from("smtp://a").helo == greeting
