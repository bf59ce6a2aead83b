"""The demonstration's mailbox: what the sink kept, as anyone reads it."""

import json
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.test import Client

from levier.project.sink import Keeper
from tests.running import free_port

pytestmark = pytest.mark.django_db
HTML = (
    '<html><head></head><body><a target="_blank" href="https://exemple.fr/">lien</a></body></html>'
)


@pytest.fixture
def file(settings: LazySettings, tmp_path: Path) -> Path:
    settings.DEMO = True
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path)
    return tmp_path / "courrier.jsonl"


@pytest.fixture
def post(file: Path) -> Iterator[smtplib.SMTP]:
    """A client of a real sink."""
    controller = Controller(
        Keeper(file), hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True
    )
    controller.start()
    with smtplib.SMTP("127.0.0.1", controller.port) as client:
        yield client
    controller.stop()


def letter(subject: str, html: str = HTML) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Valmont à vélo <bonjour@valmont.example>"
    message["To"] = "camille@exemple.fr"
    message["Subject"] = subject
    message.set_content("Bonjour Camille,\nhttps://exemple.fr/moi/x/\n")
    message.add_alternative(html, subtype="html")
    return message


def write(file: Path, *subjects: str) -> list[int]:
    """Lines as the sink writes them; where each begins."""
    places = []
    with file.open("ab") as lines:
        for subject in subjects:
            places.append(lines.tell())
            mail = {
                "received_at": "2026-09-16T07:40:00+00:00",
                "to": ["camille@exemple.fr"],
                "subject": subject,
                "headers": {"From": "Valmont à vélo"},
                "text": "Bonjour",
                "html": HTML,
            }
            lines.write(json.dumps(mail).encode() + b"\n")
    return places


def test_a_mail_sent_for_real_is_listed_shown_and_given_as_json(
    client: Client, post: smtplib.SMTP, file: Path
) -> None:
    post.send_message(letter("Merci, vous êtes la 8 686e"))
    listed = client.get("/demo/courrier/").content.decode()
    assert "Merci, vous êtes la 8 686e" in listed
    assert 'href="/demo/courrier/0/"' in listed

    shown = client.get("/demo/courrier/0/").content.decode()
    assert "Valmont à vélo &lt;bonjour@valmont.example&gt;" in shown
    assert '<a href="https://exemple.fr/moi/x/"' in shown
    assert 'src="/demo/courrier/0/html"' in shown

    lines = client.get("/demo/courrier.jsonl")
    (one,) = lines.getvalue().splitlines()
    mail = json.loads(one)
    assert mail["to"] == ["camille@exemple.fr"]
    assert mail["from"] == "bonjour@valmont.example"
    assert mail["text"].startswith("Bonjour Camille,")
    assert mail["headers"]["To"] == "camille@exemple.fr"


def test_the_html_of_a_mail_is_behind_a_wall(client: Client, file: Path) -> None:
    write(file, "un")
    response = client.get("/demo/courrier/0/html")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    body = response.content.decode()
    assert '<a target="_top" href="https://exemple.fr/">' in body


def test_thousands_of_mails_are_paged_newest_first(client: Client, file: Path) -> None:
    write(file, *(f"courriel {n}." for n in range(3_000)))
    first = client.get("/demo/courrier/")
    assert [kept.mail["subject"] for kept in first.context["mails"]] == [
        f"courriel {n}." for n in range(2_999, 2_974, -1)
    ]
    seen, page = 0, first
    while True:
        seen += len(page.context["mails"])
        if page.context["older"] is None:
            break
        page = client.get("/demo/courrier/", {"avant": page.context["older"]})
    assert seen == 3_000
    assert page.context["mails"][-1].mail["subject"] == "courriel 0."


def test_a_line_being_written_is_not_read_yet(client: Client, file: Path) -> None:
    write(file, "entier")
    with file.open("ab") as lines:
        lines.write(b'{"subject": "coup')
    page = client.get("/demo/courrier/")
    assert [kept.mail["subject"] for kept in page.context["mails"]] == ["entier"]


@pytest.mark.parametrize("there", [True, False])
def test_an_empty_mailbox_says_what_to_do(client: Client, file: Path, there: bool) -> None:
    if there:
        file.touch()
    assert "Aucun courriel pour le moment." in client.get("/demo/courrier/").content.decode()
    assert client.get("/demo/courrier.jsonl").status_code == 200


@pytest.mark.parametrize("query", ["x", "-1", "99999999", "9" * 5_000, "3", "²"])
def test_an_odd_page_is_not_an_error(client: Client, file: Path, query: str) -> None:
    write(file, "un", "deux")
    assert client.get("/demo/courrier/", {"avant": query}).status_code == 200


@pytest.mark.parametrize("place", ["1", "99999999", "9" * 30, "9" * 5_000])
def test_a_place_where_no_mail_begins_is_not_found(client: Client, file: Path, place: str) -> None:
    write(file, "un")
    assert client.get(f"/demo/courrier/{place}/").status_code == 404


@pytest.mark.parametrize("path", ["courrier/", "courrier/0/", "courrier/0/html", "courrier.jsonl"])
def test_outside_a_demonstration_nothing_is_there(
    client: Client, file: Path, settings: LazySettings, path: str
) -> None:
    write(file, "secret")
    assert client.get(f"/demo/{path}").status_code == 200
    settings.DEMO = False
    assert client.get(f"/demo/{path}").status_code == 404
