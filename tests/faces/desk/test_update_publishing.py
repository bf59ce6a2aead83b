"""« Publier »: read before, confirmed, refused within twenty-four hours, steered on its way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.models import Entry
from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.tally import MessageTally
from levier.foundation.people.enums import Channel, Purpose
from levier.foundation.people.models.consent import ConsentState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.models.rehearsal import MOST_REHEARSALS, Rehearsal
from levier.gathering.updates.models.update import Update
from tests.account_mails import queued_account_mails
from tests.cast import make_signature, make_user, person_of
from tests.faces.desk.conftest import SeatedAt
from tests.faces.desk.updates_desk import UPDATES, make_draft, make_sent, make_whole, typed

pytestmark = pytest.mark.django_db
CONFIRMED = {"confirme": "oui"}


@pytest.fixture
def desk(seat: SeatedAt, aicha: User, lilas: Petition) -> Client:
    return seat(aicha)


@pytest.fixture
def whole(lilas: Petition, aicha: User, now: datetime) -> Update:
    return make_whole(lilas, aicha, now)


@pytest.fixture
def readers(lilas: Petition) -> None:
    """Three who signed: two agreed to the news, one did not."""
    for agreed in (True, True, False):
        signature = make_signature(lilas, confirmed_at=timezone.now())
        if agreed:
            ConsentState.objects.create(
                person=person_of(signature),
                channel=Channel.EMAIL,
                purpose=Purpose.PETITION_NEWS,
                scope=f"petition:{lilas.pk}",
                given=True,
                at=timezone.now(),
            )


def address(update: Update, page: str) -> str:
    return f"{UPDATES}{update.pk}/{page}"


def test_U03_what_lacks_is_said_and_nothing_leaves(
    desk: Client, lilas: Petition, aicha: User, now: datetime
) -> None:
    draft = make_draft(lilas, aicha, now)
    page = desk.get(address(draft, "apercu/")).text
    assert "Pas encore prête" in page
    said = "Ajoutez une photo ou le lien d’un article\u00a0: les nouvelles illustrées sont lues"
    assert said in page
    assert ">Publier</button>" not in page
    refused = desk.post(address(draft, "publier/"), CONFIRMED, follow=True)
    assert "Il manque quelque chose" in refused.text
    draft.refresh_from_db()
    assert draft.state == UpdateState.DRAFT


@pytest.mark.usefixtures("readers")
def test_the_confirmation_says_how_many_when_and_what_is_asked(desk: Client, whole: Update) -> None:
    page = desk.post(address(whole, "publier/"), {"edition": whole.edition}).text
    assert "Publier cette mise à jour\u202f?" in page
    assert "2 personnes" in page
    assert "Tout de suite" in page
    assert "Partager l’article" in page
    assert "Publier et envoyer à 2 personnes" in page
    whole.refresh_from_db()
    assert whole.state == UpdateState.DRAFT


@pytest.mark.usefixtures("readers")
def test_U26_the_count_names_each_reason_and_the_parts_add_up(desk: Client, whole: Update) -> None:
    for page in (
        desk.get(address(whole, "apercu/destinataires/"), headers={"HX-Request": "true"}).text,
        desk.get(address(whole, "apercu/destinataires/")).text,
    ):
        assert "2 personnes la recevront." in page
        rows = ("la recevront", "2"), ("sans accord", "1"), ("toutes les signatures", "3")
        for label, n in rows:
            after = page.split(f"{label}<")[1].split("</td>")[0]
            assert f">{n}<" in f"{after}<".replace("<strong>", "")


def test_nobody_to_send_to_is_said_and_the_page_appears(desk: Client, whole: Update) -> None:
    said = "Aucun signataire n’a demandé de nouvelles. La mise à jour paraîtra sur la page."
    assert said in desk.post(address(whole, "publier/")).text
    assert desk.post(address(whole, "publier/"), CONFIRMED).status_code == 302
    whole.refresh_from_db()
    assert whole.published_at is not None


@pytest.mark.usefixtures("readers")
def test_confirmed_it_leaves_and_the_article_is_listed(
    desk: Client, client: Client, whole: Update
) -> None:
    sent = {**CONFIRMED, "edition": whole.edition}
    assert desk.post(address(whole, "publier/"), sent)["Location"] == address(whole, "envoi/")
    whole.refresh_from_db()
    assert (whole.state, whole.n) == (UpdateState.SENDING, 1)
    assert PressLink.objects.get().outlet == "Ouest-Valmont"
    page = desk.get(address(whole, "envoi/"))
    assert "C’est publié" in page.text
    assert client.get("/petitions/piste-cyclable-rue-des-lilas/mises-a-jour/1/").status_code == 200


def test_U22_too_early_names_the_last_and_the_next_hour_and_offers_it(
    desk: Client, lilas: Petition, aicha: User, whole: Update
) -> None:
    at = timezone.now().replace(second=0, microsecond=0) - timedelta(hours=3)
    make_sent(lilas, aicha, at)
    page = desk.post(address(whole, "publier/"), CONFIRMED)
    assert page.status_code == 409
    assert "Une mise à jour est partie le" in page.text
    assert "Pour ne pas lasser vos signataires" in page.text
    assert "Votre texte est gardé." in page.text
    assert "Programmer pour ce moment" in page.text
    offered = page.text.split('name="at" value="')[1].split('"')[0]
    assert datetime.fromisoformat(offered) == at + timedelta(hours=24)
    accepted = desk.post(address(whole, "publier/"), {**CONFIRMED, "at": offered})
    assert accepted["Location"] == address(whole, "envoi/")
    whole.refresh_from_db()
    assert (whole.state, whole.release_at) == (UpdateState.SCHEDULED, at + timedelta(hours=24))


def test_U16_a_planned_one_is_moved_no_nearer_than_a_day(
    desk: Client, lilas: Petition, aicha: User, now: datetime, whole: Update
) -> None:
    tomorrow = timezone.localtime() + timedelta(days=3)
    sent = {"day": tomorrow.date().isoformat(), "hour": "13:00"}
    confirm = desk.post(address(whole, "publier/"), sent)
    assert "Programmer cette mise à jour\u202f?" in confirm.text
    desk.post(address(whole, "publier/"), {**sent, **CONFIRMED})
    second = make_whole(lilas, aicha, now, article_url="https://autre.example/")
    refused = desk.post(address(second, "publier/"), {**sent, **CONFIRMED, "hour": "20:00"})
    assert refused.status_code == 409
    assert "Une mise à jour est programmée le" in refused.text
    later = {"day": (tomorrow + timedelta(days=2)).date().isoformat(), "hour": "20:00"}
    desk.post(address(second, "publier/"), {**later, **CONFIRMED})
    moved = desk.post(address(second, "envoi/heure/"), {**sent, "hour": "18:00"})
    assert moved.status_code == 409
    assert "Programmer pour ce moment" in moved.text
    second.refresh_from_db()
    assert second.state == UpdateState.SCHEDULED
    assert timezone.localtime(second.release_at).hour == 20


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"day": "2020-01-01", "hour": "10:00"}, "Cette heure est déjà passée"),
        ({"day": "2027-01-01"}, "Choisissez le jour et l’heure"),
        ({"day": "2027-03-28", "hour": "2:30"}, "n’existe pas en France"),
        ({"day": "demain", "hour": "10:00"}, 'role="alert"'),
        ({"at": "demain"}, "Choisissez un jour et une heure."),
    ],
)
def test_an_hour_that_cannot_be_is_said(
    sent: dict[str, str], said: str, desk: Client, whole: Update
) -> None:
    page = desk.post(address(whole, "publier/"), {**sent, **CONFIRMED})
    assert page.status_code == 422
    assert said in page.text
    whole.refresh_from_db()
    assert whole.state == UpdateState.DRAFT


def test_a_text_changed_since_it_was_read_does_not_leave(desk: Client, whole: Update) -> None:
    read = whole.edition
    desk.post(f"{UPDATES}{whole.pk}/", typed(whole, title="Autre", body="Autre."))
    page = desk.post(address(whole, "publier/"), {**CONFIRMED, "edition": read}, follow=True)
    assert "Le texte a changé pendant votre lecture." in page.text
    whole.refresh_from_db()
    assert whole.state == UpdateState.DRAFT


def test_U15_a_supporters_author_asks_and_reads_why_it_comes_back(
    desk: Client, seat: SeatedAt, stranger: User, lilas: Petition, now: datetime
) -> None:
    Petition.objects.filter(pk=lilas.pk).update(is_supporters=True, author=stranger)
    lilas.refresh_from_db()
    update, author = make_whole(lilas, stranger, now), seat(stranger)
    page = author.get(address(update, "apercu/")).text
    assert "Demander la publication" in page
    assert ">Publier</button>" not in page
    refused = author.post(address(update, "publier/"), CONFIRMED, follow=True)
    assert "Une autre personne de l’équipe doit relire" in refused.text
    author.post(address(update, "demander/"))
    update.refresh_from_db()
    assert update.state == UpdateState.IN_REVIEW
    assert author.post(address(update, "approuver/")).status_code == 404
    assert "attend votre relecture" in desk.get(address(update, "apercu/")).text
    empty = desk.post(address(update, "rendre/"), {"reason": ""})
    assert empty.status_code == 422
    assert "Dites ce qu’il faut reprendre." in empty.text
    desk.post(address(update, "rendre/"), {"reason": "Le chiffre est faux."})
    assert "Le chiffre est faux." in queued_account_mails()[-1]["text"]
    back = author.get(f"{UPDATES}{update.pk}/").text
    assert "Le chiffre est faux." in back
    assert "Le chiffre est faux." in author.get(UPDATES).text
    author.post(address(update, "demander/"))
    update.refresh_from_db()
    desk.post(address(update, "approuver/"), {"edition": update.edition})
    update.refresh_from_db()
    assert update.approved_by is not None
    assert ">Publier</button>" in author.get(address(update, "apercu/")).text
    assert author.post(address(update, "publier/"), CONFIRMED).status_code == 302
    update.refresh_from_db()
    assert update.state == UpdateState.SENDING


def test_U15_the_team_publishes_by_itself_unless_it_chose_otherwise(
    desk: Client, lilas: Petition, whole: Update, seat: SeatedAt, hugo: User
) -> None:
    assert ">Publier</button>" in desk.get(address(whole, "apercu/")).text
    Petition.objects.filter(pk=lilas.pk).update(reviews_updates=True)
    assert "Demander la publication" in desk.get(address(whole, "apercu/")).text
    desk.post(address(whole, "demander/"))
    assert desk.post(address(whole, "approuver/")).status_code == 403
    whole.refresh_from_db()
    seat(hugo).post(address(whole, "approuver/"), {"edition": whole.edition})
    assert "Approuvée par Hugo Marchand" in desk.get(address(whole, "apercu/")).text


def test_U36_a_test_leaves_to_oneself_twenty_times_a_day(
    desk: Client, whole: Update, aicha: User
) -> None:
    page = desk.post(address(whole, "essai/"), follow=True)
    assert "L’essai part à aicha@valmont.example." in page.text
    mail = queued_account_mails()[-1]
    assert mail["to"] == aicha.email
    assert mail["subject"].startswith("[Essai]")
    Rehearsal.objects.update(n=MOST_REHEARSALS)
    refused = desk.post(address(whole, "essai/"), follow=True)
    assert "Vingt essais sont déjà partis aujourd’hui." in refused.text


def test_the_mail_and_the_page_are_shown_as_they_will_be(
    desk: Client, client: Client, whole: Update
) -> None:
    page = desk.get(address(whole, "apercu/")).text
    look = page.split('<iframe class="look" src="')[1].split('"')[0]
    shown = client.get(look)
    assert "Ouest-Valmont parle de nous" in shown.text
    assert "Les parents bloquent la rue" in shown.text
    assert "form-action 'none'" in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    mail = desk.get(address(whole, "apercu/courriel/"))
    assert "Partager l’article" in mail.text
    assert "sandbox" in mail["Content-Security-Policy"]
    text = desk.get(address(whole, "apercu/texte/"))
    assert text["Content-Type"].startswith("text/plain")
    assert "Un bel article ce matin." in text.text
    assert client.get("/apercu/nouvelle/faux/").status_code == 404


def test_U62_every_gesture_is_in_the_log(desk: Client, whole: Update, aicha: User) -> None:
    desk.post(address(whole, "publier/"), CONFIRMED)
    for verb in ("suspendre", "reprendre", "annuler"):
        desk.post(address(whole, f"envoi/{verb}/"))
    told = b"".join(bytes(entry.leaf) for entry in Entry.objects.all())
    for act in (b"updates.publish", b"updates.pause", b"updates.resume", b"updates.cancel"):
        assert act in told
    assert f'"by":{aicha.pk}'.encode() in told.replace(b" ", b"")


def test_U29_it_is_held_let_go_on_and_stopped(desk: Client, whole: Update) -> None:
    desk.post(address(whole, "publier/"), CONFIRMED)
    page = desk.get(address(whole, "envoi/")).text
    assert "Suspendre" in page
    assert 'hx-trigger="every 3s"' in page
    assert "Relire l’avancement" in page
    held = desk.post(address(whole, "envoi/suspendre/"), follow=True).text
    assert "L’envoi est suspendu." in held
    assert f'action="{address(whole, "envoi/reprendre/")}"' in held
    assert "hx-trigger" not in held
    desk.post(address(whole, "envoi/reprendre/"))
    whole.refresh_from_db()
    assert whole.state == UpdateState.SENDING
    over = desk.post(address(whole, "envoi/annuler/"), follow=True).text
    assert "L’envoi est annulé" in over
    assert "Suspendre" not in over
    again = desk.post(address(whole, "envoi/reprendre/"), follow=True).text
    assert "a changé d’état entre-temps" in again


def test_a_planned_one_is_a_draft_again_or_goes_away(desk: Client, whole: Update) -> None:
    at = (timezone.now() + timedelta(days=2)).astimezone(UTC).isoformat()
    desk.post(address(whole, "publier/"), {**CONFIRMED, "at": at})
    page = desk.get(address(whole, "envoi/")).text
    assert "Elle partira" in page
    assert "Changer l’heure" in page
    assert desk.post(address(whole, "envoi/heure/"), {}).status_code == 422
    again = desk.post(address(whole, "envoi/brouillon/"))
    assert again["Location"] == f"{UPDATES}{whole.pk}/"
    whole.refresh_from_db()
    assert (whole.state, whole.release_at) == (UpdateState.DRAFT, None)


@pytest.mark.usefixtures("readers")
def test_U30_the_bar_adds_up_to_the_audience_and_unknown_stands_apart(
    desk: Client, lilas: Petition, whole: Update
) -> None:
    figures = {DeliveryState.HANDED: 6, DeliveryState.QUEUED: 3, DeliveryState.UNKNOWN: 1}
    leaving(whole, desk, figures)
    page = desk.get(address(whole, "envoi/"), headers={"HX-Request": "true"}).text
    assert '<progress class="bar" max="10" value="7"' in page
    assert "7 sur 10." in page
    shown = dict(rows_of(page))
    assert shown == {
        "en attente": "3",
        "partis": "6",
        "en erreur": "0",
        "incertains": "1",
        "en tout": "10",
    }
    assert "Il ne repart pas de lui-même" in page


def rows_of(page: str) -> list[tuple[str, str]]:
    """(label, figure) of the table of an advancement."""
    rows = page.split("<tbody>")[1].split("</tbody>")[0].replace("<strong>", "")
    found = rows.replace("</strong>", "").split('<th scope="row">')[1:]
    return [(one.split("</th>")[0], one.split('class="num">')[1].split("<")[0]) for one in found]


def leaving(update: Update, desk: Client, figures: dict[Any, int]) -> None:
    """Published, its counters as if a sender had been at work."""
    desk.post(address(update, "publier/"), CONFIRMED)
    update.refresh_from_db()
    assert update.message is not None
    for state, n in figures.items():
        MessageTally.objects.create(message=update.message, state=state, slot=0, n=n)
    Update.objects.filter(pk=update.pk).update(recipients=sum(figures.values()))


@pytest.mark.parametrize(
    ("role", "reads", "steers"),
    [
        (Role.OWNER, 200, 302),
        (Role.CAMPAIGNER, 200, 302),
        (Role.MODERATOR, 200, 403),
        (Role.OBSERVER, 200, 403),
        (Role.TELEPHONE_AGENT, 404, 404),
        (Role.AMBASSADOR, 404, 404),
    ],
)
def test_each_role_reads_or_steers(
    role: Role,
    reads: int,
    steers: int,
    desk: Client,
    seat: SeatedAt,
    valmont: Organisation,
    whole: Update,
) -> None:
    desk.post(address(whole, "publier/"), CONFIRMED)
    client = seat(make_user("quelquun@valmont.example", "Quelqu’un", valmont, role))
    for page in ("envoi/", "resultats/"):
        found = client.get(address(whole, page))
        assert found.status_code == reads
        if reads == 200 and steers == 403:
            assert "Suspendre" not in found.text
            assert "Corriger la page" not in found.text
    assert client.get(UPDATES).status_code == reads
    assert client.post(address(whole, "envoi/suspendre/")).status_code == steers


def test_the_list_says_where_each_one_is(
    desk: Client, lilas: Petition, aicha: User, now: datetime, whole: Update
) -> None:
    assert "Brouillons" in desk.get(UPDATES).text
    make_sent(lilas, aicha, timezone.now() - timedelta(hours=2))
    page = desk.get(UPDATES).text
    assert "Envoyées" in page
    assert "Prochaine mise à jour possible\u00a0: le" in page


def test_an_empty_list_gives_three_ideas(desk: Client) -> None:
    page = desk.get(UPDATES).text
    assert "Rien encore. Voici trois idées pour commencer" in page
    assert page.count(">Commencer<") == 3
    assert "Prochaine mise à jour possible\u00a0: dès maintenant" in page


def test_the_list_costs_the_same_for_one_and_three(
    desk: Client, lilas: Petition, aicha: User, now: datetime
) -> None:
    counts = []
    for numbers in ((1,), (2, 3)):
        for n in numbers:
            make_sent(lilas, aicha, now - timedelta(days=2 * n), n)
            make_draft(lilas, aicha, now)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(UPDATES).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9
