"""P8: up to five questions of a petition's own, edited, previewed, asked, answered, exported."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.db import connection
from django.test import Client

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.fields import asked_in
from levier.gathering.signing.intake.form import InvalidForm, parse_signature
from levier.gathering.signing.intake.place import FIND, place_from
from levier.gathering.signing.models.signature import Signature
from tests.cast import make_signature
from tests.faces.desk.conftest import SeatedAt
from tests.taking import form

pytestmark = pytest.mark.django_db
LILAS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"
FIELDS_AT = 8  # in a row of FIND
QUESTIONS = f"{LILAS}questions/"
COUNTS = {"q-TOTAL_FORMS": "5", "q-INITIAL_FORMS": "0"}
SCHOOL: dict[str, Any] = {"label": "Votre école", "options": "Jaurès\nLavoir", "required": "on"}


@pytest.fixture
def desk(seat: SeatedAt, lilas: Petition) -> Client:
    cache.clear()
    return seat(lilas.author)


def sent(*questions: dict[str, Any]) -> dict[str, Any]:
    typed = {
        f"q-{n}-{name}": value
        for n, question in enumerate(questions)
        for name, value in question.items()
    }
    return {**COUNTS, **typed}


def keys() -> list[str]:
    return [one.key for one in asked_in(Petition.objects.get().fields)]


def test_P8_questions_are_declared_previewed_and_asked(
    desk: Client, lilas: Petition, client: Client
) -> None:
    page = desk.post(QUESTIONS, sent(SCHOOL, {"label": "Votre quartier"}), follow=True).text
    assert "le formulaire pose ces questions" in page
    assert '<select id="a-votre_ecole">' in page
    public = client.get("/petitions/piste-cyclable-rue-des-lilas/").text
    assert '<select id="extra_votre_ecole" name="extra_votre_ecole" required>' in public
    assert "<option>Jaurès</option>" in public
    assert 'name="extra_votre_quartier"' in public


def parsed(**typed: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(FIND, ["piste-cyclable-rue-des-lilas"])
        row = cursor.fetchone()
    assert row is not None
    # Django's own connection leaves JSON as text; the signing path's does not.
    row = tuple(json.loads(v) if n == FIELDS_AT else v for n, v in enumerate(row))
    return dict(parse_signature(form(1, **typed), place_from(row)).extra)


async def whole(response: Any) -> bytes:
    return b"".join([piece async for piece in response])


def test_P8_an_answer_is_one_of_the_choices(desk: Client, lilas: Petition) -> None:
    desk.post(QUESTIONS, sent(SCHOOL))
    assert parsed(extra_votre_ecole="Jaurès") == {"votre_ecole": "Jaurès"}
    for wrong in ("", "Ailleurs"):
        with pytest.raises(InvalidForm, match="extra_votre_ecole"):
            parsed(extra_votre_ecole=wrong)


def test_P8_the_name_of_the_answers_never_changes(desk: Client, lilas: Petition) -> None:
    desk.post(QUESTIONS, sent(SCHOOL))
    renamed = {**SCHOOL, "key": "votre_ecole", "label": "École de votre enfant"}
    desk.post(QUESTIONS, sent(renamed))
    (one,) = asked_in(Petition.objects.get().fields)
    assert (one.key, one.label) == ("votre_ecole", "École de votre enfant")


def test_P8_answered_a_question_left_out_stays_in_files_under_its_name(
    desk: Client, lilas: Petition
) -> None:
    desk.post(QUESTIONS, sent(SCHOOL, {"label": "Votre quartier"}))
    make_signature(lilas, extra={"votre_ecole": "=Jaurès"})
    desk.post(QUESTIONS, sent({"label": "Votre école"}))  # another question of the same words
    assert keys() == ["votre_ecole_2"]
    assert [field["key"] for field in Petition.objects.get().fields] == [
        "votre_ecole_2",
        "votre_ecole",
    ]
    assert "Posées avant, encore dans les fichiers" in desk.get(QUESTIONS).text
    file = async_to_sync(whole)(desk.post(f"{LILAS}signatures/exporter/"))
    header, row = list(csv.reader(StringIO(file.decode("utf-8-sig")), delimiter=";"))
    assert header[-2:] == ["votre_ecole_2", "votre_ecole"]
    assert row[-2:] == ["", "'=Jaurès"]


def test_P8_five_at_most(desk: Client, lilas: Petition) -> None:
    six = sent(*({"label": f"Question {n}"} for n in range(6)))
    desk.post(QUESTIONS, {**six, "q-TOTAL_FORMS": "6"})
    assert len(keys()) <= 5


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"label": "École", "options": "Une seule"}, "au moins deux réponses"),
        ({"label": "x" * 161}, "160"),
        ({"label": "École", "options": "\n".join(f"n{n}" for n in range(31))}, "Trente réponses"),
    ],
)
def test_P8_what_is_wrong_is_said_and_nothing_is_lost(
    question: dict[str, Any], said: str, desk: Client, lilas: Petition
) -> None:
    response = desk.post(QUESTIONS, sent({"label": "Quartier"}, question))
    assert response.status_code == 422
    assert said in response.text
    assert "Quartier" in response.text
    assert keys() == []
    assert not Signature.objects.exists()
