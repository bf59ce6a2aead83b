"""What the press said, added at the desk and read on the page."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from levier.foundation.accounts.models import User
from levier.foundation.common.images import store_image
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.press_link import PressLink
from tests.cast import make_campaign, make_petition
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
PRESS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/presse/"
PAGE = "/petitions/piste-cyclable-rue-des-lilas/"
LINK = {
    "url": "https://ouest-valmont.example/lilas?p=1#comments",
    "title": "Rue des Lilas : les parents bloquent",
    "outlet": "Ouest-Valmont",
    "day": "2026-09-12",
}


@pytest.fixture
def desk(seat: SeatedAt, hugo: User, lilas: Petition) -> Client:
    cache.clear()
    return seat(hugo)


def test_an_article_is_shown_with_its_outlet_and_its_day(
    desk: Client, client: Client, lilas: Petition
) -> None:
    assert "La presse en parle" not in client.get(PAGE).text
    cache.clear()
    assert desk.post(PRESS, LINK).status_code == 302
    page = client.get(PAGE).text
    assert 'https://ouest-valmont.example/lilas?p=1"' in page
    assert "Rue des Lilas\u00a0: les parents bloquent" in page
    assert "Ouest-Valmont" in page
    assert "12\u00a0septembre 2026" in page
    assert 'rel="nofollow noopener noreferrer"' in page


def test_the_same_address_twice_is_refused_and_free_elsewhere(
    desk: Client, lilas: Petition, hugo: User
) -> None:
    desk.post(PRESS, LINK)
    page = desk.post(PRESS, {**LINK, "title": "Autre"})
    assert page.status_code == 422
    assert "Cet article est déjà sur la page de la pétition." in page.text
    assert 'value="Autre"' in page.text
    make_petition(make_campaign(lilas.campaign.organisation), hugo, "autre")
    assert desk.post("/tableau-de-bord/petitions/autre/presse/", LINK).status_code == 302
    assert PressLink.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("url", ""),
        ("url", "javascript:alert(1)"),
        ("url", "pas une adresse"),
        ("url", "https://exemple.fr/" + "a" * 600),
        ("title", ""),
        ("title", "a" * 201),
        ("outlet", ""),
        ("day", "demain"),
        ("day", "0001-01-01"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_stays(field: str, typed: str, desk: Client) -> None:
    page = desk.post(PRESS, {**LINK, field: typed})
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    if field != "outlet":
        assert 'value="Ouest-Valmont"' in page.text
    assert not PressLink.objects.exists()


def test_only_a_picture_copied_here_is_shown(
    desk: Client, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    out = BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "PNG")
    kept = store_image(BytesIO(out.getvalue()))
    desk.post(PRESS, {**LINK, "image": kept})
    assert f'src="/media/{kept}"' in client.get(PAGE).text
    for n, wrong in enumerate(
        ["https://espion.example/x.png", "../../secret.jpg", f"images/{'0' * 32}.jpg"]
    ):
        desk.post(PRESS, {**LINK, "url": f"https://exemple.fr/{n}", "image": wrong})
    assert PressLink.objects.exclude(image="").count() == 1
    desk.post(PRESS, {**LINK, "url": "https://exemple.fr/9", "image": kept, "without_image": "on"})
    assert PressLink.objects.get(url="https://exemple.fr/9").image == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://169.254.169.254/", "https://localhost"]
)
def test_reading_an_address_inside_our_network_says_nothing_of_it(
    address: str, desk: Client
) -> None:
    page = desk.post(f"{PRESS}lire/", {"url": address})
    assert page.status_code == 200
    assert "Cette page n’a pas pu être lue d’ici" in page.text
    assert f'value="{address}"' in page.text
    assert "Ajouter l’article" in page.text


@pytest.mark.django_db(transaction=True)
def test_reading_nothing_asks_for_an_address(desk: Client) -> None:
    page = desk.post(f"{PRESS}lire/", {"url": "rien du tout"})
    assert page.status_code == 422
    assert "Collez l’adresse entière de la page" in page.text


def test_an_article_is_taken_away(desk: Client, client: Client) -> None:
    desk.post(PRESS, LINK)
    link = PressLink.objects.get()
    assert desk.post(f"{PRESS}{link.pk}/retirer/").status_code == 302
    cache.clear()
    assert "ouest-valmont" not in client.get(PAGE).text


def test_the_list_takes_as_many_queries_for_one_as_for_three(desk: Client) -> None:
    counts = []
    for n in range(3):
        desk.post(PRESS, {**LINK, "url": f"https://exemple.fr/{n}"})
        with CaptureQueriesContext(connection) as queries:
            desk.get(PRESS)
        counts.append(len(queries))
    assert counts[0] == counts[2] <= 9
