"""Alerts at the desk: figures in a sentence, the list behind them, put away with a reason."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.raise_alerts import alarm_discrepancies, raise_alerts
from levier.gathering.signing.models.alert import Alert
from levier.gathering.signing.models.tally import Tally
from tests.cast import make_signature
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
ALERTS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/alertes/"


@pytest.fixture
def desk(seat: SeatedAt, lilas: Petition) -> Client:
    return seat(lilas.author)


def raised(now: datetime) -> None:
    raise_alerts(now=now)
    Alert.objects.update(seen_at=timezone.now())


def listed(desk: Client) -> list[str]:
    """The addresses of the list behind the only alert."""
    (shown,) = desk.get(ALERTS).context["alerts"]
    page = desk.get(shown.address)
    return sorted(one.contact_point.typed for one in page.context["signatures"])


@pytest.mark.parametrize(
    ("emails", "fields"),
    [
        ([f"{c}@rafale.example" for c in "abcdefghijklmnopqrst"], {}),
        ([f"{c}@mailinator.com" for c in "abc"], {}),
        ([f"marie{n}@orange.fr" for n in range(5)], {}),
        ([f"{c}@orange.fr" for c in "abcde"], {"first_name": "Jean Paul", "last_name": "de Luc"}),
        ([f"{c}{d}@orange.fr" for c in "abcd" for d in "abcdefghij"], {"network_key": b"k" * 16}),
    ],
)
def test_the_link_shows_exactly_what_the_alert_is_about(
    emails: list[str], fields: dict[str, object], desk: Client, lilas: Petition, now: datetime
) -> None:
    make_signature(lilas, "zoe@gmail.com", first_name="Zoé")
    for n, email in enumerate(emails):
        names = {} if "first_name" in fields else {"first_name": f"P{chr(97 + n)}"}
        make_signature(lilas, email, **names, **fields)
    raised(now)
    assert listed(desk) == sorted(emails)


def test_a_network_is_named_without_its_key_or_address(
    desk: Client, lilas: Petition, now: datetime
) -> None:
    for c in "abcd":
        for d in "abcdefghij":
            make_signature(lilas, f"{c}{d}@orange.fr", first_name=c + d, network_key=b"k" * 16)
    raised(now)
    page = desk.get(ALERTS).text
    assert "même connexion" in page
    (address,) = [shown.address for shown in desk.get(ALERTS).context["alerts"]]
    assert parse_qs(urlsplit(address).query) == {"connexion": [(b"k" * 16).hex()]}


def test_put_away_with_a_reason(desk: Client, lilas: Petition, now: datetime) -> None:
    for n in range(5):
        make_signature(lilas, f"marie{n}@orange.fr", first_name=f"P{chr(97 + n)}")
    raised(now)
    alert = Alert.objects.get()
    page = desk.post(f"{ALERTS}{alert.pk}/ranger/", {"why": " "}, follow=True).text
    assert "Dites en quelques mots" in page
    page = desk.post(f"{ALERTS}{alert.pk}/ranger/", {"why": "La classe de CM2"}, follow=True).text
    assert "Rien d’inhabituel" in page
    assert "La classe de CM2" in page


def test_P41_a_wrong_tally_is_the_first_thing_seen_and_mended(
    desk: Client, lilas: Petition
) -> None:
    make_signature(lilas)
    Tally.objects.update(counted=4, last_number=4)
    alarm_discrepancies(now=timezone.now())
    page = desk.get(ALERTS).text
    assert "Le décompte affiche 4, les signatures disent 1" in page
    page = desk.post(ALERTS.replace("alertes", "recompter"), follow=True).text
    assert "Le décompte est refait" in page
    assert "Rien d’inhabituel" in desk.get(ALERTS).text


def test_nothing_unusual_says_what_is_looked_at(desk: Client, lilas: Petition) -> None:
    assert "rafales de nuit" in desk.get(ALERTS).text
