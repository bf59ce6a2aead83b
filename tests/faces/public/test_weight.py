"""A first visit weighs at most 60 kB over the wire, images of the petition aside."""

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from whitenoise.compress import Compressor

from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.enums import AskKind, ResponseState
from tests.cast import NOW, make_signature
from tests.faces.public.page import parts
from tests.news import make_news, make_response

BUDGET = 60_000
HEADERS = 700  # bytes of an answer's headers, once per file


def sent(name: str, folder: Path) -> int:
    """What a static file weighs once compressed by what serves it, for the weakest browser."""
    path = finders.find(name)
    assert isinstance(path, str), name
    copy = folder / Path(name).name
    copy.write_bytes(Path(path).read_bytes())
    written = [Path(made) for made in Compressor(quiet=True, use_brotli=False).compress(str(copy))]
    return min(file.stat().st_size for file in [copy, *written]) + HEADERS


@pytest.fixture
def talkative(lilas: Petition) -> Petition:
    """With as many words as the page shows, each as long as it may be."""
    for n in range(6):
        person = make_signature(lilas).person
        assert person is not None
        Comment.objects.create(
            petition=lilas,
            person=person,
            text=f"{n} " + " ".join(f"mot{n * 100 + i:03}" for i in range(71)),
            state=CommentState.PUBLISHED,
            created_at=NOW,
        )
    return lilas


PETITION = "/petitions/piste-cyclable-rue-des-lilas/"
NEWS = f"{PETITION}mises-a-jour/"


@pytest.mark.parametrize("path", ["/", PETITION, NEWS, f"{NEWS}1/", f"{NEWS}2/"])
def test_a_first_visit_is_light(
    client: Client, talkative: Petition, path: str, tmp_path: Path
) -> None:
    for kind in (AskKind.EMAIL, AskKind.TESTIFY):
        ask = make_news(talkative, kind, body=f"<p>{'Des nouvelles de la rue. ' * 380}</p>")
    for n in range(60):
        told = f"{n} " + " ".join(f"mot{n * 1_000 + i}" for i in range(40))
        signed, kept = make_signature(talkative), ResponseState.KEPT
        make_response(ask, signed, words=told, state=kept, for_page=True)
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    page = len(response.content) + HEADERS
    response.content = gzip.decompress(response.content)
    files = {urlsplit(link).path for link in parts(response).loaded}
    assert len(files) >= 3
    assert all(file.startswith("/static/") for file in files)
    weights = {file: sent(file.removeprefix("/static/"), tmp_path) for file in files}
    assert page + sum(weights.values()) <= BUDGET, {path: page, **weights}
