from io import BytesIO

import pytest
from django.core.cache import caches
from django.test import Client
from PIL import Image

from levier.faces.public.card import CARDS, draw_card, published_figure
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.queries import PetitionPage, page_of
from levier.gathering.signing.models.tally import Tally
from tests.cast import NOW
from tests.faces.public.page import html

PAGE = "/petitions/piste-cyclable-rue-des-lilas/"
SLUG = "piste-cyclable-rue-des-lilas"


def page() -> PetitionPage:
    found = page_of(SLUG)
    assert found is not None
    return found


def ten_minutes_pass(petition: Petition) -> None:
    caches[CARDS].delete(f"figure:{petition.pk}")


def test_is_a_picture_of_1200_by_630(client: Client, lilas: Petition) -> None:
    Tally.objects.update(last_number=8685, counted=8685)
    response = client.get(f"{PAGE}carte.png")
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=600"
    with Image.open(BytesIO(response.content)) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))


def test_P49_its_address_changes_with_the_figure_every_ten_minutes(lilas: Petition) -> None:
    assert published_figure(page(), 110) == 110
    assert published_figure(page(), 150) == 110
    ten_minutes_pass(lilas)
    assert published_figure(page(), 150) == 150


def test_P49_and_at_each_milestone(lilas: Petition) -> None:
    assert published_figure(page(), 199) == 199
    assert published_figure(page(), 200) == 200
    assert published_figure(page(), 201) == 200


def test_P49_the_page_gives_that_address(client: Client, lilas: Petition) -> None:
    Tally.objects.update(last_number=8685, counted=8600, paper=85)
    tag = '<meta property="og:image" content="http://testserver' + PAGE + 'carte.png?n=8685">'
    assert tag in html(client.get(PAGE))


def test_shows_the_figure_it_was_drawn_for(lilas: Petition) -> None:
    first, other = draw_card(page(), 8685), draw_card(page(), 46443)
    assert first != other
    assert draw_card(page(), 8685) == first


def test_nobody_chooses_the_figure(client: Client, lilas: Petition) -> None:
    true = client.get(f"{PAGE}carte.png").content
    assert client.get(f"{PAGE}carte.png?n=1000000").content == true


@pytest.mark.parametrize(
    "title", ["« #Libérez » $x$ \\ *_[]` @all", "W" * 120, "Mot " * 30, "🚲 À vélo"]
)
def test_any_title_is_drawn_as_text(lilas: Petition, title: str) -> None:
    version = Version.objects.create(
        petition=lilas,
        n=2,
        title=title.strip(),
        ask="x",
        story="x",
        sha256=bytes(32),
        created_at=NOW,
        published_at=NOW,
    )
    Petition.objects.update(version=version)
    assert draw_card(page(), 12).startswith(b"\x89PNG")
