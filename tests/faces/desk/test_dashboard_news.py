"""The dashboard's line about news (U12), and the last ones."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.tally import Tally
from tests.faces.desk.conftest import SeatedAt
from tests.faces.desk.updates_desk import UPDATES, make_sent

pytestmark = pytest.mark.django_db
LILAS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"


@pytest.fixture
def desk(seat: SeatedAt, aicha: User, lilas: Petition) -> Client:
    now = timezone.now()
    Petition.objects.filter(pk=lilas.pk).update(published_at=now - timedelta(days=60))
    Tally.objects.filter(petition=lilas).update(last_number=40, counted=40, confirmed=40)
    return seat(aicha)


def test_U12_thirty_days_without_news_is_one_line_for_the_team(
    desk: Client, lilas: Petition, aicha: User
) -> None:
    make_sent(lilas, aicha, timezone.now() - timedelta(days=31))
    page = desk.get(LILAS).text
    assert "Pas de nouvelle depuis 31 jours" in page
    assert "Donnez des nouvelles à vos signataires." in page
    assert f'href="{UPDATES}nouvelle/"' in page
    desk.post(f"{LILAS}suite/news/plus-tard/")
    assert "Donnez des nouvelles à vos signataires." not in desk.get(LILAS).text


def test_U12_recent_news_are_shown_and_nothing_presses(
    desk: Client, lilas: Petition, aicha: User
) -> None:
    update = make_sent(lilas, aicha, timezone.now() - timedelta(days=3))
    page = desk.get(LILAS).text
    assert "Pas de nouvelle depuis" not in page
    assert f'href="{UPDATES}{update.pk}/resultats/"' in page
    assert "Prochaine mise à jour possible" in page


def test_U12_an_observer_reads_it_without_the_button(
    desk: Client, seat: SeatedAt, lilas: Petition, aicha: User, olga: User
) -> None:
    make_sent(lilas, aicha, timezone.now() - timedelta(days=31))
    page = seat(olga).get(LILAS).text
    assert "Pas de nouvelle depuis 31 jours" in page
    assert f'href="{UPDATES}nouvelle/"' not in page
