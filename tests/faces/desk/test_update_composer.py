"""Writing news at the desk: kept at each change, one ask, two editors, nothing lost."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.directory.actions import Reached, add_contact
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.enums import AskKind, UpdateKind
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from tests.cast import make_user
from tests.faces.desk.conftest import SeatedAt
from tests.faces.desk.updates_desk import UPDATES, edited_by, make_draft, make_sent, typed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(seat: SeatedAt, aicha: User, lilas: Petition) -> Client:
    return seat(aicha)


@pytest.fixture
def draft(lilas: Petition, aicha: User, now: datetime) -> Update:
    return make_draft(lilas, aicha, now)


def address(update: Update, page: str = "") -> str:
    return f"{UPDATES}{update.pk}/{page}"


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "PNG")
    return SimpleUploadedFile("p.png", out.getvalue(), content_type="image/png")


def test_U01_from_the_petition_to_the_preview_in_the_order_of_the_source(desk: Client) -> None:
    dashboard = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"
    assert f'href="{UPDATES}"' in desk.get(dashboard).text
    assert f'href="{UPDATES}nouvelle/"' in desk.get(UPDATES).text
    page = desk.get(f"{UPDATES}nouvelle/").text
    steps = ("1. Votre pétition", "2. Publier une mise à jour", "3. Le titre", "4. Une photo")
    places = [page.index(step) for step in (*steps, "5. Publier")]
    assert places == sorted(places)
    begun = desk.post(f"{UPDATES}nouvelle/", {"sorte": UpdateKind.ARTICLE})
    update = Update.objects.get()
    assert begun["Location"] == address(update)
    sent = typed(
        update,
        title="Ouest-Valmont parle de nous",
        body="Un bel article.",
        suite="apercu",
        **{
            "article-url": "https://ouest-valmont.example/lilas",
            "article-title": "Les parents bloquent",
            "article-outlet": "Ouest-Valmont",
        },
    )
    assert desk.post(address(update), sent)["Location"] == address(update, "apercu/")
    preview = desk.get(address(update, "apercu/")).text
    assert ">Publier</button>" in preview


def test_U02_a_draft_is_saved_at_each_change_and_found_again(desk: Client, draft: Update) -> None:
    for title in ("Un", "Un bel", "Un bel article"):
        sent = typed(Update.objects.get(), title=title)
        page = desk.post(address(draft, "garder/"), sent, headers=HTMX)
        assert "Enregistré à" in page.text
    draft.refresh_from_db()
    assert (draft.title, draft.edition) == ("Un bel article", 4)
    assert f'value="{draft.edition}" hx-swap-oob="true"' in page.text
    assert 'value="Un bel article"' in desk.get(address(draft)).text


def test_U02_nothing_changed_writes_nothing(desk: Client, draft: Update) -> None:
    assert desk.post(address(draft, "garder/"), typed(draft), headers=HTMX).status_code == 200
    draft.refresh_from_db()
    assert draft.edition == 1


def test_U02_what_is_wrong_is_said_and_everything_typed_comes_back(
    desk: Client, draft: Update
) -> None:
    sent = typed(draft, title="Un titre", body="Une **nouvelle**.", label="x" * 61)
    page = desk.post(address(draft), sent)
    assert page.status_code == 422
    assert "Rien n’est perdu" in page.text
    assert 'value="Un titre"' in page.text
    assert "Une **nouvelle**." in page.text
    behind = desk.post(address(draft, "garder/"), sent, headers=HTMX)
    assert "Pas encore enregistré" in behind.text
    draft.refresh_from_db()
    assert draft.title == ""


def test_U02_a_session_that_ended_leads_back_to_the_draft(
    client: Client, desk: Client, draft: Update
) -> None:
    desk.post(address(draft), typed(draft, title="Gardé"))
    asked = client.get(address(draft))
    assert asked["Location"] == f"/connexion/?next={address(draft)}"
    assert 'value="Gardé"' in desk.get(address(draft)).text


def test_U09_each_kind_proposes_its_ask_with_texts_of_the_petition(
    desk: Client, draft: Update
) -> None:
    sent = typed(draft, kind=UpdateKind.PRESSURE, suite="proposer", ask="")
    assert desk.post(address(draft), sent)["Location"].endswith("#demande")
    ask = Ask.objects.get(pk=draft.pk)
    assert ask.kind == AskKind.EMAIL
    assert "Diallo" in ask.label
    assert "piste cyclable" in ask.suggested_text


def test_U09_words_of_ones_own_stay_when_the_kind_changes(desk: Client, draft: Update) -> None:
    sent = typed(draft, kind=UpdateKind.TESTIMONY, suite="proposer", label="Dites-nous tout")
    desk.post(address(draft), sent)
    ask = Ask.objects.get(pk=draft.pk)
    assert (ask.kind, ask.label) == (AskKind.TESTIFY, "Dites-nous tout")
    assert "Racontez" in ask.instructions
    draft.refresh_from_db()
    desk.post(address(draft), typed(draft, suite="textes"))
    ask.refresh_from_db()
    assert ask.label == "Raconter mon expérience"


def test_U09_the_kind_chosen_in_the_page_brings_its_ask_behind_it(
    desk: Client, draft: Update
) -> None:
    sent = typed(draft, kind=UpdateKind.EVENT, suite="proposer")
    page = desk.post(address(draft, "garder/"), sent, headers=HTMX).text
    assert 'id="demande"' in page
    assert 'name="starts_day"' in page
    assert Ask.objects.get(pk=draft.pk).kind == AskKind.ATTEND


def test_U08_one_ask_is_chosen_among_those_of_the_kind(desk: Client, draft: Update) -> None:
    page = desk.get(address(draft)).text
    assert page.count('type="radio" name="ask"') == 2
    refused = desk.post(address(draft), typed(draft, ask="attend"))
    assert refused.status_code == 422
    said = "Que voulez-vous que vos signataires fassent\u202f? Choisissez une demande, une seule"
    assert said in refused.text


def test_U45_only_public_contacts_that_fit_the_ask_are_offered(
    desk: Client, draft: Update, lilas: Petition, aicha: User, now: datetime
) -> None:
    post = lilas.addressee_post
    assert post is not None
    desk.post(address(draft), typed(draft, kind=UpdateKind.PRESSURE, suite="proposer", ask=""))
    assert "Aucune adresse publique et professionnelle" in desk.get(address(draft)).text
    found = {}
    for type_, value, is_public in (
        ("email", "mobilites@valmont.example", True),
        ("email", "khady@perso.example", False),
        ("voice", "02 99 00 00 00", True),
    ):
        how = Reached(type=type_, value=value, is_public=is_public, source="valmont.example")
        found[value] = add_contact(whose=post, how=how, by=aicha, now=now)
    page = desk.get(address(draft)).text
    assert "mobilites@valmont.example (courriel)" in page
    assert "khady@perso.example" not in page
    assert "02 99 00 00 00" not in page
    draft.refresh_from_db()
    private = typed(draft, contact=found["khady@perso.example"].pk)
    assert desk.post(address(draft), private).status_code == 422
    desk.post(address(draft), typed(draft, contact=found["mobilites@valmont.example"].pk))
    assert Ask.objects.get(pk=draft.pk).contact == found["mobilites@valmont.example"]


def test_U04_a_photo_is_kept_from_the_first_sending_and_asks_what_it_shows(
    desk: Client, draft: Update, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    page = desk.post(address(draft), typed(draft, image=photo(), title="Merci"))
    assert page.status_code == 422
    assert "Dites en quelques mots ce que montre l’image." in page.text
    kept = next(tmp_path.rglob("*.jpg")).relative_to(tmp_path).as_posix()
    assert f'name="kept_image" value="{kept}"' in page.text
    assert 'value="Merci"' in page.text
    sent = typed(draft, kept_image=kept, image_alt="Des enfants à vélo", title="Merci")
    assert desk.post(address(draft), sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.photo, draft.photo_alt, draft.title) == (kept, "Des enfants à vélo", "Merci")
    desk.post(address(draft), typed(draft, drop_image="on"))
    draft.refresh_from_db()
    assert draft.photo == ""


def test_U05_an_address_alone_is_read_behind_the_page(desk: Client, draft: Update) -> None:
    sent = typed(draft, suite="article", **{"article-url": "ouest-valmont.example/lilas"})
    assert desk.post(address(draft), sent)["Location"].endswith("#photo")
    draft.refresh_from_db()
    assert draft.article_url == "https://ouest-valmont.example/lilas"
    assert draft.article_state == "reading"
    assert "Nous lisons l’article" in desk.get(address(draft)).text
    Update.objects.filter(pk=draft.pk).update(
        article={"title": "Lilas", "outlet": "Le Val", "day": "2026-09-12", "image": ""},
        article_state="read",
    )
    card = desk.get(address(draft, "article/")).text
    assert "Le Val" in card
    assert "hx-get" not in card


def test_U06_an_article_that_cannot_be_read_is_typed_by_hand(desk: Client, draft: Update) -> None:
    Update.objects.filter(pk=draft.pk).update(
        article_url="https://ouest-valmont.example/lilas", article_state="failed"
    )
    draft.refresh_from_db()
    page = desk.get(address(draft)).text
    said = "Nous n’avons pas pu lire cet article. Indiquez son titre et le nom du journal"
    assert said in page
    half = desk.post(address(draft), typed(draft, **{"article-title": "Lilas"}))
    assert half.status_code == 422
    assert said in half.text
    whole = {"article-title": "Lilas", "article-outlet": "Le Val"}
    assert desk.post(address(draft), typed(draft, **whole)).status_code == 302
    draft.refresh_from_db()
    assert (draft.article["outlet"], draft.article_state) == ("Le Val", "read")
    desk.post(address(draft), typed(draft, **{"article-drop": "on"}))
    draft.refresh_from_db()
    assert draft.article_url == ""


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("javascript:alert(1)", "Collez l’adresse entière de la page"),
        ("pas une adresse", "Collez l’adresse entière de la page"),
        ("https://exemple.fr/" + "a" * 600, "Cette adresse est trop longue"),
    ],
)
def test_U06_what_is_no_address_is_said(url: str, said: str, desk: Client, draft: Update) -> None:
    page = desk.post(address(draft), typed(draft, title="Gardé", **{"article-url": url}))
    assert page.status_code == 422
    assert said in page.text
    assert 'value="Gardé"' in page.text


EVENT = {
    "starts_day": "2027-03-20",
    "starts_hour": "18:30",
    "ends_hour": "20:00",
    "zone": "Europe/Paris",
    "place": "Parvis de la mairie",
    "capacity": "80",
}


@pytest.fixture
def event(lilas: Petition, aicha: User, now: datetime) -> Update:
    return make_draft(lilas, aicha, now, UpdateKind.EVENT)


def test_U47_the_hours_of_an_event_are_those_of_its_zone(desk: Client, event: Update) -> None:
    sent = typed(event, **{**EVENT, "zone": "Pacific/Noumea"})
    assert desk.post(address(event), sent).status_code == 302
    ask = Ask.objects.get(pk=event.pk)
    assert ask.starts_at == datetime.fromisoformat("2027-03-20T18:30+11:00")
    assert (ask.zone, ask.capacity, ask.place) == ("Pacific/Noumea", 80, "Parvis de la mairie")
    page = desk.get(address(event)).text
    assert 'value="18:30"' in page
    assert '<option value="Pacific/Noumea" selected>' in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"starts_day": "2027-03-28", "starts_hour": "2:30", "ends_hour": "5:00"},
            "2\u00a0h\u00a030 n’existe pas en France\u00a0: choisissez 3\u00a0h\u00a030",
        ),
        ({"starts_day": "2020-01-01"}, "Ce moment est passé"),
        ({"ends_hour": "18:00"}, "La fin est avant le début"),
        ({"starts_hour": "25:00"}, 'role="alert"'),
        ({"capacity": "0"}, 'role="alert"'),
    ],
)
def test_U47_hours_that_cannot_be_are_said_and_the_rest_stays(
    changes: dict[str, str], said: str, desk: Client, event: Update
) -> None:
    page = desk.post(address(event), typed(event, **{**EVENT, **changes}))
    assert page.status_code == 422
    assert said in page.text
    assert 'value="Parvis de la mairie"' in page.text


def test_two_versions_are_shown_when_a_colleague_wrote_meanwhile(
    desk: Client, draft: Update, hugo: User, now: datetime
) -> None:
    at = now.replace(hour=14, minute=2)
    edited_by(draft, hugo, at, title="Le titre de Hugo")
    page = desk.post(address(draft), typed(draft, title="Le titre d’Aïcha", body="Le mien."))
    assert page.status_code == 422
    said = "Hugo a modifié ce texte à 14\u00a0h\u00a002. Voici les deux versions."
    assert said in page.text
    assert "Le titre de Hugo" in page.text
    assert "Le titre d’Aïcha" in page.text
    behind = desk.post(address(draft, "garder/"), typed(draft, title="Mon"), headers=HTMX)
    assert said in behind.text
    assert "Voir les deux versions" in behind.text
    draft.refresh_from_db()
    assert draft.title == "Le titre de Hugo"
    assert f'id="edition" value="{draft.edition}"' in page.text
    assert desk.post(address(draft), typed(draft, title="D’accord")).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "D’accord"


def test_ones_own_page_behind_the_page_is_no_colleague(desk: Client, draft: Update) -> None:
    old = typed(draft, title="Second")
    desk.post(address(draft, "garder/"), typed(draft, title="Premier"), headers=HTMX)
    assert desk.post(address(draft), old).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Second"


def test_two_windows_of_ones_own_are_two_versions_too(
    desk: Client, draft: Update, aicha: User, now: datetime
) -> None:
    edited_by(draft, aicha, now, title="Dans l’autre fenêtre")
    assert desk.post(address(draft), typed(draft, title="Ici")).status_code == 422
    behind = desk.post(address(draft, "garder/"), typed(draft, title="Ici"), headers=HTMX)
    assert "Voici les deux versions." in behind.text
    draft.refresh_from_db()
    assert draft.title == "Dans l’autre fenêtre"


def test_U10_what_repeats_is_said_beside(
    desk: Client, lilas: Petition, aicha: User, draft: Update, now: datetime
) -> None:
    for n in (1, 2):
        make_sent(lilas, aicha, timezone.now() - timedelta(days=10 * n), n)
    page = desk.get(address(draft)).text
    assert "Trois fois de suite la même demande" in page
    assert "Et si vous demandiez un témoignage\u202f?" in page


def test_U11_nothing_new_says_so_and_offers_something_else(
    desk: Client, lilas: Petition, aicha: User, draft: Update, now: datetime
) -> None:
    assert "Ne spammez pas" not in desk.get(address(draft)).text
    make_sent(lilas, aicha, timezone.now() - timedelta(days=2))
    for page in (desk.get(address(draft)).text, desk.get(f"{UPDATES}nouvelle/").text):
        assert "Ne spammez pas vos signataires" in page
        for kind in ("testimony", "advice", "launch"):
            assert f"nouvelle/?sorte={kind}" in page
    assert "Me le rappeler le" in desk.get(address(draft)).text


def test_U11_a_reminder_is_set_and_taken_away(desk: Client, draft: Update) -> None:
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    desk.post(address(draft, "rappel/"), {"rappel-day": day})
    draft.refresh_from_db()
    assert draft.remind_at is not None
    assert timezone.localdate(draft.remind_at).isoformat() == day
    page = desk.post(address(draft, "rappel/"), {"rappel-day": "2020-01-01"}, follow=True)
    assert "Choisissez un jour à venir." in page.text
    desk.post(address(draft, "rappel/"), {"rappel-day": ""})
    draft.refresh_from_db()
    assert draft.remind_at is None


def test_U25_the_audience_is_narrowed_in_the_composer(desk: Client, draft: Update) -> None:
    desk.post(address(draft), typed(draft, confirmed_only="on"))
    draft.refresh_from_db()
    assert draft.audience == {"confirmed_only": True}


def test_kinds_that_facts_do_not_allow_say_why(desk: Client) -> None:
    page = desk.get(f"{UPDATES}nouvelle/").text
    assert "Déclarez d’abord la victoire de la pétition." in page
    assert "Aucun palier n’est encore passé." in page
    for kind in ("victory", "milestone", "autre", ""):
        assert desk.post(f"{UPDATES}nouvelle/", {"sorte": kind}).status_code == 422
    assert not Update.objects.exists()


def test_a_draft_is_thrown_away(desk: Client, draft: Update) -> None:
    assert desk.post(address(draft, "effacer/"))["Location"] == UPDATES
    assert not Update.objects.exists()


def test_what_left_is_not_written_again(
    desk: Client, lilas: Petition, aicha: User, now: datetime
) -> None:
    gone = make_sent(lilas, aicha, now)
    assert desk.get(address(gone))["Location"] == address(gone, "envoi/")
    assert desk.post(address(gone), typed(gone, title="Autre")).status_code == 302
    desk.post(address(gone, "garder/"), typed(gone, title="Autre"), headers=HTMX)
    gone.refresh_from_db()
    assert gone.title == "Ouest-Valmont parle de nous"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OWNER, 200),
        (Role.CAMPAIGNER, 200),
        (Role.MODERATOR, 403),
        (Role.OBSERVER, 403),
        (Role.TELEPHONE_AGENT, 404),
        (Role.AMBASSADOR, 404),
    ],
)
def test_each_role_has_its_place(
    role: Role, status: int, seat: SeatedAt, valmont: Organisation, draft: Update
) -> None:
    client = seat(make_user("quelquun@valmont.example", "Quelqu’un", valmont, role))
    pages = (address(draft), f"{UPDATES}nouvelle/", address(draft, "apercu/"))
    assert {client.get(page).status_code for page in pages} == {status}
    found = client.post(address(draft), typed(draft)).status_code
    assert found == (302 if status == 200 else status)


def test_the_author_of_a_supporters_petition_writes_too(
    seat: SeatedAt, stranger: User, lilas: Petition, now: datetime
) -> None:
    Petition.objects.filter(pk=lilas.pk).update(is_supporters=True, author=stranger)
    client = seat(stranger)
    assert "Publier une mise à jour" in client.get(UPDATES).text
    client.post(f"{UPDATES}nouvelle/", {"sorte": "advice"})
    update = Update.objects.get()
    assert client.get(address(update)).status_code == 200
    assert "Demander la publication" not in client.get(address(update)).text


def test_the_composer_costs_the_same_whatever_was_sent_before(
    desk: Client, lilas: Petition, aicha: User, draft: Update, now: datetime
) -> None:
    counts = []
    for numbers in ((1,), (2, 3)):
        for n in numbers:
            make_sent(lilas, aicha, now - timedelta(days=10 * n), n)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address(draft)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 32
