"""The picture of step 4: written again, asked for its words, refused in French when it is none."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase, override_settings
from django.utils import timezone
from PIL import Image

from levier.gathering.petitions.actions.launching import erase_old_drafts
from levier.gathering.petitions.models.launch import LaunchDraft
from levier.gathering.petitions.rules.launch import DRAFT_AGE
from tests.faces.public.launch.walk import LOOK, only_draft, png
from tests.faces.public.page import html, parts, words

pytestmark = pytest.mark.django_db
REFUSED = "Image JPEG, PNG ou WebP, 8 Mo au plus."


@pytest.fixture(autouse=True)
def media(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield tmp_path


def bomb() -> bytes:
    """A PNG of 60 000 × 60 000 pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(bytes(1_000))), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"not a picture"),
        ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("a.jpg", b"<!doctype html><script>alert(1)</script>"),
        ("a.jpg", b"GIF89a" + bytes(200)),
        ("a.png", b""),
        ("a.jpg", b"\xff\xd8" + bytes(8 * 1024 * 1024 + 1)),
        ("a.png", bomb()),
    ],
    ids=["text", "svg", "html", "gif", "empty", "too heavy", "bomb"],
)
def test_what_is_not_a_picture_is_refused_and_nothing_typed_is_lost(
    client: Client, media: Path, name: str, content: bytes
) -> None:
    client.get("/lancer/")
    sent = SimpleUploadedFile(name, content, "image/jpeg")
    typed = {**LOOK, "image_alt": "Des bancs vides", "image_credit": "Photo : Zoé"}
    page = client.post("/lancer/image/", {**typed, "image": sent})
    assert page.status_code == 422
    fields = parts(page).fields
    assert fields["image"]["aria-invalid"] == "true"
    if content:
        assert REFUSED in words(page)
    for value in typed.values():
        assert value in html(page)
    assert only_draft().typed["image_alt"] == "Des bancs vides"
    assert not list(media.rglob("*.*"))


def test_a_picture_wants_its_words_and_is_not_sent_twice(client: Client, media: Path) -> None:
    client.get("/lancer/")
    page = client.post("/lancer/image/", {**LOOK, "image": png()})
    assert page.status_code == 422
    assert "Dites en quelques mots ce que montre l’image." in words(page)
    kept = parts(page).fields["kept_image"]["value"]
    assert kept
    answer = client.post(
        "/lancer/image/", {**LOOK, "kept_image": kept, "image_alt": "Une place verte"}
    )
    assert answer["Location"] == "/lancer/relire/"
    assert only_draft().typed["kept_image"] == kept
    assert len(list(media.rglob("*.jpg"))) == 1


def test_the_place_and_the_camera_are_gone(client: Client, media: Path) -> None:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Appareil de Nadia"
    exif[0x8825] = {2: (48.0, 6.0, 0.0)}
    Image.new("RGB", (60, 40), "green").save(out, "JPEG", exif=exif)
    client.get("/lancer/")
    sent = SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")
    client.post("/lancer/image/", {**LOOK, "image": sent, "image_alt": "Une place"})
    stored = next(media.rglob("*.jpg"))
    assert b"Nadia" not in stored.read_bytes()
    with Image.open(stored) as image:
        assert dict(image.getexif()) == {}


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "images/x.jpg", "images/" + "0" * 32 + ".jpg"]
)
def test_a_kept_picture_is_one_of_ours(client: Client, path: str) -> None:
    client.get("/lancer/")
    client.post("/lancer/image/", {**LOOK, "kept_image": path})
    assert only_draft().typed["kept_image"] == ""


def test_a_picture_can_be_taken_away(client: Client) -> None:
    client.get("/lancer/")
    client.post("/lancer/image/", {**LOOK, "image": png(), "image_alt": "Verte"})
    kept = only_draft().typed["kept_image"]
    client.post("/lancer/image/", {**LOOK, "kept_image": kept, "drop_image": "on"})
    assert only_draft().typed["kept_image"] == ""
    assert "Image gardée" not in html(client.get("/lancer/image/"))


def test_an_erased_draft_leaves_no_picture_that_nothing_shows(client: Client, media: Path) -> None:
    client.get("/lancer/")
    client.post("/lancer/image/", {**LOOK, "image": png(), "image_alt": "Verte"})
    other = LaunchDraft.objects.create(
        secret_hash=bytes(32),
        typed={"kept_image": only_draft().typed["kept_image"]},
        created_at=timezone.now(),
        saved_at=timezone.now() + DRAFT_AGE,
    )
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post("/lancer/effacer/")
    assert len(list(media.rglob("*.jpg"))) == 1
    assert LaunchDraft.objects.get() == other
    with TestCase.captureOnCommitCallbacks(execute=True):
        erase_old_drafts(now=timezone.now() + 3 * DRAFT_AGE)
    assert not list(media.rglob("*.jpg"))
