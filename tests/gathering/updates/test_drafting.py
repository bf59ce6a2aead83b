"""Writing: a draft keeps everything, one ask goes with it, a picture or an article illustrates."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from procrastinate.contrib.django.models import ProcrastinateJob

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.updates.actions.attach_photo import attach_photo, remove_photo
from levier.gathering.updates.actions.attach_press_link import (
    READ,
    attach_press_link,
    keep_article,
    remove_press_link,
)
from levier.gathering.updates.actions.delete_draft import delete_draft
from levier.gathering.updates.actions.publish import publish
from levier.gathering.updates.actions.save_draft import save_draft
from levier.gathering.updates.actions.start_draft import start_draft
from levier.gathering.updates.enums import ArticleState, AskKind, UpdateKind, UpdateState
from levier.gathering.updates.errors import (
    AskNotAllowed,
    ChangedMeanwhile,
    ContactNotShown,
    NotAPicture,
    PictureNeedsWords,
    WrongHours,
    WrongState,
)
from levier.gathering.updates.models.ask import LABEL_LENGTH, Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.audience import Audience
from levier.gathering.updates.queries.desk import updates_of
from levier.gathering.updates.rules.asks import asks_allowed, default_ask
from levier.gathering.updates.rules.card import Card, card_in
from levier.gathering.updates.rules.links_inside import looks_crowded
from levier.gathering.updates.rules.words import AskWords, Words
from levier.gathering.updates.tasks.articles import read_article
from tests.cast import NOW
from tests.drafts import TESTIFY, WORDS, make_draft, make_planned
from tests.news import make_contact, make_news

pytestmark = pytest.mark.django_db
URL = "https://courrier.example/lilas"
CARD = Card(title="Les Lilas à vélo", outlet="Le Courrier", day=date(2026, 9, 10))


@pytest.fixture
def stored(tmp_path: Path) -> str:
    path = "images/" + "ab" * 16 + ".jpg"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(b"jpeg"))
    return path


def fresh(update: Update) -> Update:
    return Update.objects.get(pk=update.pk)


@pytest.mark.parametrize("kind", UpdateKind.values)
def test_U9_each_kind_proposes_its_ask_ready_with_its_texts(lilas: Petition, kind: str) -> None:
    draft = start_draft(petition=lilas, kind=kind, by=lilas.author, now=NOW)
    ask = Ask.objects.get(pk=draft.pk)
    assert ask.kind == asks_allowed(kind)[0]
    assert ask.label
    assert ask.instructions
    for allowed in asks_allowed(kind):
        proposed = default_ask(kind, lilas, allowed)
        assert "%(" not in proposed.label + proposed.instructions + proposed.suggested_text
        assert len(proposed.label) <= LABEL_LENGTH


def test_U9_texts_come_from_the_petition_and_the_decision_maker(lilas: Petition) -> None:
    ask = default_ask(UpdateKind.PRESSURE, lilas)
    assert ask.label == "Écrire à Mme Diallo"
    assert ask.suggested_text.startswith("Nous demandons à Mme Diallo de faire voter")
    assert "Pourquoi cela me touche" in ask.suggested_text
    assert default_ask(UpdateKind.VICTORY, lilas, AskKind.EMAIL).label == "Remercier Mme Diallo"
    person = lilas.addressee_person
    assert person is not None
    person.family_name = "de La Tour-Maubourg-Saint-Hilaire d’Outremer et d’Ailleurs"
    assert default_ask(UpdateKind.PRESSURE, lilas).label == "Écrire à la personne qui décide"


def test_U2_what_was_typed_is_kept_whole_or_not(lilas: Petition, hugo: User) -> None:
    draft = start_draft(petition=lilas, kind=UpdateKind.ARTICLE, by=lilas.author, now=NOW)
    typed = Words(
        kind=UpdateKind.EVENT,
        title="",
        body='<p onclick="x()">Venez <strong>tous</strong></p><script>x()</script>',
        audience=Audience(areas=["FR-35"]),
    )
    asked = AskWords(kind=AskKind.ATTEND, label="Je viens", place="Mairie", zone="Europe/Paris")
    later = NOW + timedelta(minutes=5)
    save_draft(update=draft, words=typed, ask=asked, edition=1, by=hugo, now=later)
    kept, ask = fresh(draft), Ask.objects.get(pk=draft.pk)
    assert (kept.kind, kept.title, kept.edition) == ("event", "", 2)
    assert kept.body == "<p>Venez <strong>tous</strong></p>"
    assert (kept.edited_by, kept.edited_at, kept.author) == (hugo, later, lilas.author)
    assert kept.audience == {"areas": ["FR-35"]}
    assert (ask.kind, ask.label, ask.place) == ("attend", "Je viens", "Mairie")


def test_two_editors_see_both_versions_and_nothing_is_lost(lilas: Petition, hugo: User) -> None:
    draft = start_draft(petition=lilas, kind=UpdateKind.TESTIMONY, by=lilas.author, now=NOW)
    save_draft(update=draft, words=WORDS, ask=TESTIFY, edition=1, by=hugo, now=NOW)
    mine = replace(WORDS, title="Le mien")
    with pytest.raises(ChangedMeanwhile) as refused:
        save_draft(update=draft, words=mine, ask=TESTIFY, edition=1, by=lilas.author, now=NOW)
    assert str(refused.value).replace("\u00a0", " ") == (
        "Hugo a modifié ce texte à 9 h 40. Voici les deux versions."
    )
    assert refused.value.theirs.update.title == "Racontez-nous"
    assert (refused.value.words.title, refused.value.asked) == ("Le mien", TESTIFY)
    assert fresh(draft).title == "Racontez-nous"


def test_U8_an_ask_that_the_kind_does_not_have_is_refused(lilas: Petition) -> None:
    draft = start_draft(petition=lilas, kind=UpdateKind.TESTIMONY, by=lilas.author, now=NOW)
    share = AskWords(kind=AskKind.SHARE, label="Partager")
    with pytest.raises(AskNotAllowed):
        save_draft(update=draft, words=WORDS, ask=share, edition=1, by=lilas.author, now=NOW)
    assert Ask.objects.get(pk=draft.pk).kind == AskKind.TESTIFY


def test_U45_only_a_public_contact_of_ones_own_is_kept(lilas: Petition) -> None:
    draft = start_draft(petition=lilas, kind=UpdateKind.PRESSURE, by=lilas.author, now=NOW)
    words = replace(WORDS, kind=UpdateKind.PRESSURE)
    hidden = make_contact(lilas, AskKind.EMAIL, is_public=False)
    ask = AskWords(kind=AskKind.EMAIL, label="Écrire", contact=hidden.pk)
    with pytest.raises(ContactNotShown):
        save_draft(update=draft, words=words, ask=ask, edition=1, by=lilas.author, now=NOW)
    shown = make_contact(lilas, AskKind.CALL)
    ask = replace(ask, kind=AskKind.CALL, contact=shown.pk)
    save_draft(update=draft, words=words, ask=ask, edition=1, by=lilas.author, now=NOW)
    assert Ask.objects.get(pk=draft.pk).contact == shown
    save_draft(update=draft, words=WORDS, ask=TESTIFY, edition=2, by=lilas.author, now=NOW)
    assert Ask.objects.get(pk=draft.pk).contact is None


def test_hours_that_end_before_they_begin_are_refused(lilas: Petition) -> None:
    draft = start_draft(petition=lilas, kind=UpdateKind.EVENT, by=lilas.author, now=NOW)
    words = replace(WORDS, kind=UpdateKind.EVENT)
    ask = AskWords(
        kind=AskKind.ATTEND,
        label="Je viens",
        zone="Europe/Paris",
        starts_at=NOW,
        ends_at=NOW - timedelta(hours=1),
    )
    with pytest.raises(WrongHours):
        save_draft(update=draft, words=words, ask=ask, edition=1, by=lilas.author, now=NOW)


@pytest.mark.parametrize(
    "link", ["/tableau-de-bord/petitions/x/", "https://testserver/tableau-de-bord/"]
)
def test_a_link_to_the_desk_is_left_out(lilas: Petition, link: str) -> None:
    draft = start_draft(petition=lilas, kind=UpdateKind.TESTIMONY, by=lilas.author, now=NOW)
    body = f'<p><a href="{link}">ici</a> <a href="https://exemple.fr/tableau">là</a></p>'
    words = replace(WORDS, body=body)
    save_draft(update=draft, words=words, ask=TESTIFY, edition=1, by=lilas.author, now=NOW)
    assert "tableau-de-bord" not in fresh(draft).body
    assert "ici" in fresh(draft).body
    assert 'href="https://exemple.fr/tableau"' in fresh(draft).body


def test_many_links_or_somebody_s_address_are_noticed() -> None:
    assert not looks_crowded("<p>Bonjour</p>" + '<a href="https://a.fr">a</a>' * 5)
    assert looks_crowded('<a href="https://a.fr">a</a>' * 6)
    assert looks_crowded("<p>Écrivez à jeanne@exemple.fr</p>")


def test_what_left_is_not_a_draft_any_more(lilas: Petition) -> None:
    planned = make_planned(lilas, NOW + timedelta(hours=1))
    with pytest.raises(WrongState):
        save_draft(update=planned, words=WORDS, ask=TESTIFY, edition=1, by=planned.author, now=NOW)
    with pytest.raises(WrongState):
        delete_draft(update=planned, by=planned.author, now=NOW)
    draft = make_draft(lilas)
    delete_draft(update=draft, by=draft.author, now=NOW)
    assert not Update.objects.filter(pk=draft.pk).exists()
    assert not Ask.objects.filter(pk=draft.pk).exists()


def test_U4_a_picture_is_described(lilas: Petition, stored: str) -> None:
    draft = make_draft(lilas, photo="", photo_alt="")
    with pytest.raises(PictureNeedsWords):
        attach_photo(update=draft, photo=stored, alt=" ", by=draft.author, now=NOW)
    attach_photo(update=draft, photo=stored, alt="La rue", by=draft.author, now=NOW)
    assert (fresh(draft).photo, fresh(draft).photo_alt) == (stored, "La rue")
    remove_photo(update=draft, by=draft.author, now=NOW)
    assert (fresh(draft).photo, fresh(draft).photo_alt) == ("", "")


def test_U4_only_our_copy_or_a_photo_of_a_meeting_at_its_address(
    lilas: Petition, stored: str
) -> None:
    draft = make_draft(lilas, photo="", photo_alt="")
    for foreign in (
        "https://ailleurs.example/photo.jpg",
        "../secrets.jpg",
        "images/" + "0" * 32 + ".jpg",
        "/medias/pas-un-uuid/",
    ):
        with pytest.raises(NotAPicture):
            attach_photo(update=draft, photo=foreign, alt="x", by=draft.author, now=NOW)
    address = "/medias/8b1c3f1e-5a5e-4a52-9a0e-2f8f0f6a1b2c/"
    attach_photo(update=draft, photo=address, alt="La rencontre", by=draft.author, now=NOW)
    assert fresh(draft).photo == address


def test_U5_the_article_is_read_in_the_background(lilas: Petition) -> None:
    draft = make_draft(lilas)
    attach_press_link(update=draft, url=URL, by=draft.author, now=NOW)
    assert (fresh(draft).article_url, fresh(draft).article_state) == (URL, ArticleState.READING)
    assert ProcrastinateJob.objects.get(task_name=READ).args == {"update": draft.pk, "url": URL}
    assert keep_article(update=draft.pk, url=URL, card=CARD)
    assert (fresh(draft).article_state, card_in(fresh(draft).article)) == ("read", CARD)
    assert not PressLink.objects.exists()  # nobody else sees it yet
    assert not keep_article(update=draft.pk, url=URL, card=None)  # the job runs again


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/article", "http://[::1]/", "http://10.0.0.8/"]
)
def test_U5_a_private_address_is_not_read(lilas: Petition, address: str) -> None:
    draft = make_draft(lilas)
    attach_press_link(update=draft, url=address, by=draft.author, now=NOW)
    read_article(update=draft.pk, url=address)
    assert fresh(draft).article_state == ArticleState.FAILED


def test_U6_when_it_cannot_be_read_it_is_typed_by_hand(lilas: Petition) -> None:
    draft = make_draft(lilas, photo="", photo_alt="")
    attach_press_link(update=draft, url=URL, by=draft.author, now=NOW)
    keep_article(update=draft.pk, url=URL, card=None)
    attach_press_link(update=draft, url=URL, card=CARD, by=draft.author, now=NOW)
    assert not keep_article(update=draft.pk, url=URL, card=Card(title="Autre", outlet="Autre"))
    assert card_in(fresh(draft).article) == CARD
    assert publish(update=draft, by=draft.author, now=NOW).state == UpdateState.SENDING
    other = make_draft(lilas)
    attach_press_link(update=other, url=URL + "2", by=draft.author, now=NOW)
    remove_press_link(update=other, by=draft.author, now=NOW)
    assert (fresh(other).article_url, fresh(other).article_state) == ("", "")


def test_U7_the_article_is_listed_once_whatever_shows_it(lilas: Petition) -> None:
    for n in range(2):
        draft = make_draft(lilas)
        attach_press_link(
            update=draft, url=URL, card=CARD if n == 0 else None, by=draft.author, now=NOW
        )
        assert fresh(draft).article_state == ArticleState.READ  # known the second time
        publish(update=draft, by=draft.author, now=NOW + timedelta(days=n))
    link = PressLink.objects.get()
    assert (link.url, link.title, link.outlet, link.day) == (
        *(URL, "Les Lilas à vélo", "Le Courrier"),
        date(2026, 9, 10),
    )
    assert set(Update.objects.values_list("press_link", flat=True)) == {link.pk}


def test_the_desk_lists_what_waits_first(lilas: Petition) -> None:
    left = make_news(lilas)
    planned = make_planned(lilas, NOW + timedelta(days=30))
    draft, reading = make_draft(lilas), make_draft(lilas, state=UpdateState.IN_REVIEW)
    listed = [ask.update_id for ask in updates_of(lilas)]
    assert listed == [reading.pk, draft.pk, planned.pk, left.pk]
