"""What came back: results, who received what, answers sorted, guests, corrections."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Organisation, User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.enums import Answer, ResponseState, UpdateKind
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from levier.gathering.updates.models.update import Update
from tests.cast import make_signature, make_user, person_of
from tests.faces.desk.conftest import SeatedAt
from tests.faces.desk.updates_desk import UPDATES, make_sent

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def desk(seat: SeatedAt, aicha: User, lilas: Petition) -> Client:
    cache.clear()
    return seat(aicha)


def address(update: Update, page: str) -> str:
    return f"{UPDATES}{update.pk}/{page}"


def sent(petition: Petition, by: User, kind: str) -> Update:
    return make_sent(petition, by, timezone.now() - timedelta(hours=5), kind=kind)


def answer(update: Update, petition: Petition, kind: str = Answer.TEXT, **fields: Any) -> Response:
    """Somebody's answer, with their signature."""
    now = timezone.now()
    person = person_of(make_signature(petition, first_name="Inès", last_name="Da Silva"))
    told = {"words": "Chaque matin, j’ai peur.", "at": now, "changed_at": now, **fields}
    ask = Ask.objects.get(pk=update.pk)
    return Response.objects.create(ask=ask, person=person, kind=kind, **told)


def test_results_before_anything_came(desk: Client, lilas: Petition, aicha: User) -> None:
    update = sent(lilas, aicha, UpdateKind.ARTICLE)
    page = desk.get(address(update, "resultats/")).text
    assert "Les premiers résultats arrivent dans l’heure" in page
    assert "désabonnements par elle" in page


def test_U57_started_and_done_are_two_figures_and_shares_bring_signatures(
    desk: Client, lilas: Petition, aicha: User
) -> None:
    update = sent(lilas, aicha, UpdateKind.ARTICLE)
    Ask.objects.filter(pk=update.pk).update(started=3_480, done=2_911)
    Update.objects.filter(pk=update.pk).update(
        readers_by_area={"FR-35": 1_200, "FR-29": 10, "FR-22": 9}
    )
    page = desk.get(address(update, "resultats/")).text
    assert "3\u202f480" in page
    assert "2\u202f911" in page
    assert "6\u202f391" not in page
    assert "signatures par leurs partages" in page
    assert "Ille-et-Vilaine" in page
    assert "Finistère" in page
    assert "Côtes-d’Armor" not in page.replace("'", "’")
    assert "moins de dix par territoire" in page


def test_U58_nobody_is_followed_when_opening(desk: Client, lilas: Petition, aicha: User) -> None:
    update = sent(lilas, aicha, UpdateKind.ARTICLE)
    page = desk.get(address(update, "resultats/")).text
    assert "Nous ne suivons pas qui ouvre" in page
    for word in ("taux d’ouverture", "ouvertures", "ont ouvert"):
        assert word not in page


def test_answers_by_the_hour_are_drawn_and_written_in_a_table(
    desk: Client, lilas: Petition, aicha: User
) -> None:
    update = sent(lilas, aicha, UpdateKind.TESTIMONY)
    at = datetime(2026, 9, 16, 9, 40, tzinfo=PARIS)
    for hours in (0, 0, 2):
        answer(update, lilas, at=at + timedelta(hours=hours))
    page = desk.get(address(update, "resultats/")).text
    assert 'class="chart__wide"' in page
    assert "mark-rect" in page
    rows = page.split("Réponses heure par heure</caption>")[1]
    assert "16\u00a0septembre, 9\u00a0h</th>" in rows
    assert '<td class="num">2</td>' in rows
    assert "16\u00a0septembre, 11\u00a0h</th>" in rows


def test_results_cost_the_same_for_one_and_three(
    desk: Client, lilas: Petition, aicha: User
) -> None:
    update, counts = sent(lilas, aicha, UpdateKind.TESTIMONY), []
    for n in (1, 2):
        for _ in range(n):
            answer(update, lilas)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address(update, "resultats/")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_U59_names_are_for_roles_that_may_see_them(
    desk: Client, seat: SeatedAt, valmont: Organisation, lilas: Petition, aicha: User
) -> None:
    update = sent(lilas, aicha, UpdateKind.ARTICLE)
    for role, status in ((Role.MODERATOR, 200), (Role.OBSERVER, 403), (Role.AMBASSADOR, 404)):
        client = seat(make_user(f"{role}@valmont.example", "Quelqu’un", valmont, role))
        assert client.get(address(update, "destinataires/")).status_code == status
        assert client.get(address(update, "reponses/")).status_code == status
    assert "Aucun courriel n’est encore écrit." in desk.get(address(update, "destinataires/")).text
    assert desk.get(address(update, "destinataires/?apres=x")).status_code == 200


def test_no_answer_to_read_leads_to_the_next_update(
    desk: Client, lilas: Petition, aicha: User
) -> None:
    update = sent(lilas, aicha, UpdateKind.ADVICE)
    page = desk.get(address(update, "reponses/")).text
    assert "Aucune réponse à lire" in page
    assert f'href="{UPDATES}nouvelle/?sorte=advice"' in page
    assert "Relancer dans une prochaine mise à jour" in page


def test_U49_a_proposed_contact_is_read_by_the_team_and_kept_when_it_serves(
    desk: Client, lilas: Petition, aicha: User
) -> None:
    update = sent(lilas, aicha, UpdateKind.ADVICE)
    one = answer(update, lilas, contact="Mme Roux, cabinet du maire")
    page = desk.get(address(update, "reponses/")).text
    assert "Mme Roux, cabinet du maire" in page
    assert "quatre-vingt-dix jours" in page
    desk.post(address(update, f"reponses/{one.pk}/suivre-contact/"))
    one.refresh_from_db()
    assert one.contact_used_at is not None
    assert one.state == ResponseState.KEPT
    desk.post(address(update, f"reponses/{one.pk}/oublier-contact/"))
    one.refresh_from_db()
    assert one.contact_used_at is None


def test_advice_is_marked_useful_then_done(desk: Client, lilas: Petition, aicha: User) -> None:
    update = sent(lilas, aicha, UpdateKind.ADVICE)
    one = answer(update, lilas)
    here = address(update, "reponses/?etat=toutes")
    for verb in ("utile", "fait"):
        back = desk.post(address(update, f"reponses/{one.pk}/{verb}/"), {"retour": here})
        assert back["Location"] == here
    one.refresh_from_db()
    assert (one.useful, one.handled_by) == (True, aicha)
    desk.post(address(update, f"reponses/{one.pk}/a-faire/"), {"retour": "https://ailleurs.fr/"})
    one.refresh_from_db()
    assert one.handled_at is None
    assert desk.post(address(update, f"reponses/{one.pk}/brûler/")).status_code == 404
    assert desk.post(address(update, f"reponses/{one.pk}/bruler/")).status_code == 404


def test_U50_a_testimony_serves_once_kept_and_only_for_what_was_ticked(
    desk: Client, lilas: Petition, aicha: User
) -> None:
    update = sent(lilas, aicha, UpdateKind.TESTIMONY)
    ticked = answer(update, lilas, words="Pour la presse.", for_press=True)
    answer(update, lilas, words="Pour vous seuls.")
    press = address(update, "reponses/?etat=presse")
    assert "Pour la presse." not in desk.get(press).text.split("</nav>")[-1]
    for one in Response.objects.all():
        desk.post(address(update, f"reponses/{one.pk}/garder/"))
    page = desk.get(press).text
    assert "Pour la presse." in page
    assert "Pour vous seuls." not in page
    assert "Pour la presse (1)" in page
    desk.post(address(update, f"reponses/{ticked.pk}/ecarter/"))
    assert "Pour la presse (0)" in desk.get(press).text


def test_what_somebody_wrote_is_shown_as_text(desk: Client, lilas: Petition, aicha: User) -> None:
    update = sent(lilas, aicha, UpdateKind.TESTIMONY)
    answer(update, lilas, words="<script>alert(1)</script>")
    page = desk.get(address(update, "reponses/")).text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_answers_cost_the_same_for_one_and_three(
    desk: Client, lilas: Petition, aicha: User
) -> None:
    update, counts = sent(lilas, aicha, UpdateKind.TESTIMONY), []
    for n in (1, 2):
        for _ in range(n):
            answer(update, lilas)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address(update, "reponses/")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 11


def test_U56_an_ask_is_closed_at_the_desk(desk: Client, lilas: Petition, aicha: User) -> None:
    update = sent(lilas, aicha, UpdateKind.TESTIMONY)
    assert "Clore la demande" in desk.get(address(update, "reponses/")).text
    page = desk.post(address(update, "reponses/clore/"), follow=True).text
    assert "Close depuis le" in page
    assert Ask.objects.get(pk=update.pk).closes_at is not None


@pytest.fixture
def event(lilas: Petition, aicha: User) -> Update:
    update = sent(lilas, aicha, UpdateKind.EVENT)
    Ask.objects.filter(pk=update.pk).update(
        starts_at=timezone.now() + timedelta(days=20),
        zone="Europe/Paris",
        place="Parvis de la mairie",
        capacity=2,
    )
    return update


def test_U46_guests_are_listed_and_who_came_is_noted(
    desk: Client, lilas: Petition, event: Update
) -> None:
    here, absent = answer(event, lilas, Answer.YES), answer(event, lilas, Answer.YES)
    answer(event, lilas, Answer.YES, waiting_since=timezone.now())
    answer(event, lilas, Answer.NO)
    page = desk.get(address(event, "reponses/")).text
    assert "viennent, pour 2 places" in page
    assert page.count('name="venus"') == 3
    assert page.index(" Vient</span>") < page.index(" En attente</span>")
    shown = {"montres": [here.pk, absent.pk], "venus": [here.pk, "x", -1]}
    noted = desk.post(address(event, "reponses/presence/"), shown, follow=True).text
    assert "Noté\u00a0: 1 présence." in noted
    here.refresh_from_db()
    absent.refresh_from_db()
    assert (here.present, absent.present) == (True, False)


def test_U47_another_hour_is_given_to_an_event_and_it_is_called_off(
    desk: Client, event: Update
) -> None:
    sequence = Ask.objects.get(pk=event.pk).sequence
    told = {
        "starts_day": "2027-04-10",
        "starts_hour": "15:00",
        "zone": "Europe/Paris",
        "place": "Gare de Valmont",
    }
    wrong = desk.post(address(event, "evenement/"), {**told, "place": "", "starts_day": ""})
    assert wrong.status_code == 422
    assert "Dites où l’on se retrouve." in wrong.text
    assert desk.post(address(event, "evenement/"), told).status_code == 302
    ask = Ask.objects.get(pk=event.pk)
    assert (ask.place, ask.sequence) == ("Gare de Valmont", sequence + 1)
    desk.post(address(event, "evenement/annuler/"))
    assert "Annulé" in desk.get(address(event, "reponses/")).text
    other = make_sent(event.petition, event.author, timezone.now() - timedelta(days=3), 2)
    assert desk.get(address(other, "evenement/")).status_code == 404


def test_U24_the_page_is_corrected_without_a_mail(
    desk: Client, client: Client, lilas: Petition, aicha: User
) -> None:
    update = sent(lilas, aicha, UpdateKind.ARTICLE)
    page = desk.get(address(update, "corriger/")).text
    assert "Un bel article ce matin." in page
    told = {"title": "Titre juste", "body": "Mots justes.", "photo_alt": "Des vélos"}
    empty = desk.post(address(update, "corriger/"), {**told, "title": ""})
    assert empty.status_code == 422
    assert "Mots justes." in empty.text
    assert desk.post(address(update, "corriger/"), told).status_code == 302
    update.refresh_from_db()
    assert (update.title, update.photo_alt) == ("Titre juste", "Des vélos")
    assert "corrigée le" in desk.get(address(update, "resultats/")).text
    public = client.get(f"/petitions/piste-cyclable-rue-des-lilas/mises-a-jour/{update.n}/")
    assert "Titre juste" in public.text
