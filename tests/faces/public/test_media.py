from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from pytest_django import Settings

from levier.gathering.petitions.models.petition import Petition, Version
from tests.cast import NOW
from tests.faces.public.page import html


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media" / "petitions").mkdir(parents=True)
    Image.new("RGB", (640, 300), "#7a1450").save(tmp_path / "media" / "petitions" / "0a1b.webp")
    (tmp_path / "media" / "petitions" / "page.html").write_text("<script>alert(1)</script>")
    (tmp_path / "media" / ".secret.png").write_text("secret")
    (tmp_path / "secret.png").write_text("secret")
    return tmp_path / "media"


def test_a_picture_is_served_safely_and_kept_for_good(
    client: Client, db: None, folder: Path
) -> None:
    response = client.get("/media/petitions/0a1b.webp")
    assert b"".join(response.streaming_content) == (folder / "petitions/0a1b.webp").read_bytes()  # type: ignore[attr-defined]
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response.cookies == {}


@pytest.mark.parametrize(
    "name",
    [
        *("petitions/page.html", "petitions/absent.webp", "petitions", "petitions/", ".secret.png"),
        *("../secret.png", "%2e%2e/secret.png", "petitions/..%2f..%2fsecret.png", "%00.png"),
        *("petitions/0a1b.webp/", "/etc/passwd", "petitions/0A1B.webp"),
        f"images/{'a' * 300}.jpg",
    ],
)
def test_nothing_else_is_served(client: Client, db: None, folder: Path, name: str) -> None:
    response = client.get(f"/media/{name}")
    assert response.status_code in (301, 400, 404)
    assert b"secret" not in getattr(response, "content", b"secret")


def test_the_page_shows_the_picture_with_its_words_and_size(
    client: Client, lilas: Petition, folder: Path
) -> None:
    version = Version.objects.create(
        petition=lilas,
        n=2,
        title="Titre",
        ask="x",
        story="x",
        image="petitions/0a1b.webp",
        image_alt="Une piste.",
        image_credit="Dessin : Valmont à vélo.",
        sha256=bytes(32),
        created_at=NOW,
        published_at=NOW,
    )
    Petition.objects.update(version=version)
    page = html(client.get("/petitions/piste-cyclable-rue-des-lilas/"))
    assert '<img src="/media/petitions/0a1b.webp" alt="Une piste." width="640" height="300"' in page
    (folder / "petitions" / "0a1b.webp").unlink()
    assert "<img" not in html(client.get("/"))
