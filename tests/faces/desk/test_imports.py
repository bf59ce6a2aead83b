"""The pages by which a file of signatures comes in (P58, P59)."""

import csv
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.models import User
from levier.foundation.common.tables import storing
from levier.foundation.people.enums import ImportState
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.imports import ImportBatch
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from tests.faces.desk.conftest import SeatedAt
from tests.importing import csv_of, fresh, imported, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]
PAGE = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/importer/"
ROWS = csv_of(
    "Zoé;O’Neil;zoe@exemple.fr;75011;FR;12/04/2026",
    "Éloïse;Lefèvre;pas une adresse;1000;FR;03/04/2026",
    "=1+1;Bâ;ines@exemple.fr;35000;FR;12/04/2026",
)


def send(client: Client, content: bytes, name: str = "export.csv") -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def sent(client: Client, content: bytes = ROWS) -> ImportBatch:
    response = send(client, content)
    batch = ImportBatch.objects.latest("pk")
    assert response.status_code == 302
    assert response["Location"] == f"{PAGE}{batch.pk}/"
    work(batch)
    return fresh(batch)


def test_P58_a_file_is_understood_checked_and_written(
    lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    batch = sent(client)
    address = f"{PAGE}{batch.pk}/"
    page = client.get(address).text
    assert "3 lignes" in page
    assert "Éloïse" in page  # the first values
    assert page.count("<select") >= 6
    assert '<option value="email" selected>' in page
    data = {f"column_{n}": target for n, target in enumerate(
        ["first_name", "last_name", "email", "postcode", "country", "signed_at"]
    )}  # fmt: skip
    response = client.post(f"{address}colonnes/", {**data, "dates": "day", "country": "FR"})
    assert (response.status_code, response["Location"]) == (302, address)
    assert "Vérification de chaque ligne" in client.get(address).text
    work(batch)
    page = client.get(address).text
    assert "Importer 1 signature" in page
    assert "Le nom contient autre chose" in page
    assert Signature.objects.count() == 0
    client.post(f"{address}lancer/")
    assert fresh(batch).state == ImportState.RUNNING
    assert "Import en cours" in client.get(address).text
    work(batch)
    page = client.get(address).text
    assert "C’est fait" in page
    assert "Annuler cet import" in page
    assert list(Signature.objects.values_list("first_name", "number")) == [("Zoé", 1)]
    assert fresh(batch).by == aicha
    client.post(f"{address}annuler/")
    work(batch)
    assert "Leurs numéros ne serviront plus" in client.get(address).text
    assert Tally.objects.get(petition=lilas).counted == 0


@pytest.mark.django_db(transaction=True)
def test_P58_refused_rows_are_a_file_that_runs_nothing(
    lilas: Petition, seat: SeatedAt, aicha: User, now: datetime
) -> None:
    batch = imported(lilas, ROWS, now)
    response = seat(aicha).get(f"{PAGE}{batch.pk}/refus.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    header, *rows = list(csv.reader(StringIO(text), delimiter=";"))
    assert header[:3] == ["ligne", "motif", "Prénom"]
    assert [(row[0], row[2]) for row in rows] == [("3", "Éloïse"), ("4", "'=1+1")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Ce fichier est vide"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "une image PNG"),
        (b"PK\x03\x04" + bytes(99), "incomplet"),
        (b"<html><table>", "une page web"),
        (bytes(range(1, 32)) * 40, "ni un texte"),
    ],
)
def test_what_is_no_table_is_said_beside_the_field(
    content: bytes, words: str, lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    response = send(seat(aicha), content)
    assert response.status_code == 422
    assert words in response.text
    assert 'id="id_file_error"' in response.text
    assert ImportBatch.objects.count() == 0
    assert storing.all_kept() == []


def test_no_file_at_all_is_said_beside_the_field(
    lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    response = seat(aicha).post(PAGE)
    assert response.status_code == 422
    assert "Choisissez d’abord un fichier" in response.text


def test_what_breaks_off_further_down_is_told_on_the_page(
    lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    batch = sent(client, b"email;nom\n" + b'"' + b"a;b\n" * 100_000)
    page = client.get(f"{PAGE}{batch.pk}/").text
    assert "ne peut pas être lu" in page
    assert "guillemet" in page


def test_P58_the_same_file_twice_leads_to_the_first(
    lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    batch = sent(client)
    response = client.post(PAGE, {"file": SimpleUploadedFile("autre.csv", ROWS)}, follow=True)
    assert response.redirect_chain == [(f"{PAGE}{batch.pk}/", 302)]
    assert "déjà été déposé" in response.text
    assert ImportBatch.objects.count() == 1


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"column_0": "first_name"}, "quelle colonne contient le courriel"),
        ({"column_2": "email"}, "le prénom et le nom"),
        ({"column_0": "email", "column_2": "email"}, "Une seule colonne"),
        ({"column_0": "full_name", "column_2": "email", "column_3": "consent_updates"}, "Recopiez"),
        ({"column_0": "nimporte", "column_2": "email"}, "Sélectionnez"),
    ],
)
def test_columns_that_do_not_hold_together_are_told(
    chosen: dict[str, str], words: str, lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    client = seat(aicha)
    batch = sent(client)
    response = client.post(
        f"{PAGE}{batch.pk}/colonnes/", {**chosen, "dates": "day", "country": "FR"}
    )
    assert response.status_code == 422
    assert words in response.text
    assert fresh(batch).state == ImportState.READ


def test_a_petition_not_published_yet_says_what_to_do_first(
    lilas: Petition, seat: SeatedAt, aicha: User
) -> None:
    Petition.objects.filter(pk=lilas.pk).update(
        state=PetitionState.DRAFT, version=None, published_at=None
    )
    assert "Publier d’abord la pétition" in seat(aicha).get(PAGE).text


def test_gestures_at_the_wrong_time_change_nothing_and_say_so(
    lilas: Petition, seat: SeatedAt, aicha: User, now: datetime
) -> None:
    client = seat(aicha)
    batch = imported(lilas, ROWS, now)
    for verb in ("lancer", "oublier", "relire", "colonnes"):
        data = {"column_0": "full_name", "column_2": "email", "dates": "day", "country": "FR"}
        response = client.post(f"{PAGE}{batch.pk}/{verb}/", data, follow=True)
        assert response.status_code == 200
        assert "a changé d’état" in response.text
    client.post(f"{PAGE}{batch.pk}/arreter/")
    assert fresh(batch).state == ImportState.DONE


def test_a_file_given_up_is_forgotten(lilas: Petition, seat: SeatedAt, aicha: User) -> None:
    client = seat(aicha)
    batch = sent(client)
    response = client.post(f"{PAGE}{batch.pk}/oublier/", follow=True)
    assert "Le fichier est oublié" in response.text
    assert storing.all_kept() == []


def test_the_form_is_protected_like_any_other(lilas: Petition, aicha: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(aicha, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert send(client, ROWS).status_code == 403
    client.get(PAGE)
    token = client.cookies["csrftoken"].value
    response = client.post(
        PAGE, {"file": SimpleUploadedFile("a.csv", ROWS), "csrfmiddlewaretoken": token}
    )
    assert response.status_code == 302


def test_a_list_costs_the_same_for_one_and_three(
    lilas: Petition, seat: SeatedAt, aicha: User, now: datetime
) -> None:
    client, counts = seat(aicha), []
    for numbers in ((1,), (2, 3)):
        for n in numbers:
            imported(lilas, csv_of(f"A;B;a{n}@exemple.fr;;;12/04/2026"), now)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
