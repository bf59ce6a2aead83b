"""The page of whoever holds a personal link, and what its buttons record."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.enums import Answer, AskKind, ResponseState
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response
from tests.cast import NOW, make_signature, person_of
from tests.faces.public.page import html, parts, words
from tests.news import make_news, make_response, token_of

NEWS = "/petitions/piste-cyclable-rue-des-lilas/mises-a-jour/1/"
Queries = Callable[[int], AbstractContextManager[object]]
LETTER = "Madame,\n\nMa fille a onze ans.\n\nPaul Tremblay"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    return make_signature(lilas, "paul@exemple.fr", first_name="Paul", last_name="Tremblay")


def page(ask: Ask, signature: Signature) -> str:
    return f"{NEWS}pour/{token_of(ask, signature)}/"


def post(client: Client, ask: Ask, signature: Signature, **typed: object) -> HttpResponse:
    data = {"token": token_of(ask, signature), **typed}
    return client.post(f"{NEWS}repondre/", data)  # type: ignore[return-value]


@pytest.mark.parametrize("kind", AskKind.values)
@pytest.mark.parametrize("method", ["get", "head"])
def test_U38_opening_changes_nothing_however_often(
    client: Client, lilas: Petition, paul: Signature, kind: str, method: str
) -> None:
    ask = make_news(lilas, kind)
    for _ in range(3):
        for path in ("", "reprendre/"):
            assert getattr(client, method)(page(ask, paul) + path).status_code in {200, 303}
        getattr(client, method)(f"{NEWS}repondre/")
        getattr(client, method)(f"{NEWS}merci/{token_of(ask, paul)}/")
    ask.refresh_from_db()
    assert (ask.started, ask.done) == (0, 0)
    assert not Response.objects.exists()
    assert not Activity.objects.exists()
    assert not Delivery.objects.exists()


def test_U38_the_link_opens_the_page_with_the_person_known(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    answer = client.get(page(make_news(lilas), paul))
    assert "Bonjour Paul." in words(answer)
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies


def test_U38_only_the_button_records(client: Client, lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas)
    answer = post(client, ask, paul, act="done")
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{NEWS}merci/")
    assert not answer.cookies
    thanks = client.get(answer["Location"])
    assert "Merci Paul" in words(thanks)
    assert "1 personne dit avoir partagé." in words(thanks)
    assert Response.objects.get().kind == Answer.DONE


@pytest.mark.parametrize("cut", ["x", "a" * 300, "é", ""])
def test_a_link_cut_on_its_way_says_so_and_offers_another(
    client: Client, lilas: Petition, paul: Signature, cut: str
) -> None:
    ask = make_news(lilas)
    for answer in (
        client.get(f"{NEWS}pour/{cut or token_of(ask, paul)[:-3]}/"),
        client.post(f"{NEWS}repondre/", {"token": cut, "act": "done"}),
    ):
        assert answer.status_code == 404
        assert "Ce lien n’ouvre plus rien" in words(answer)
        assert "email" in parts(answer).fields


def test_a_link_opens_its_own_news_only(client: Client, lilas: Petition, paul: Signature) -> None:
    first, second = make_news(lilas), make_news(lilas)
    other = page(second, paul)
    assert other.replace("/1/", "/2/") != other
    assert client.get(other).status_code == 404
    assert client.get(other.replace("/1/", "/2/")).status_code == 200
    assert first.pk != second.pk


def test_the_link_of_somebody_erased_opens_nothing(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas)
    address = page(ask, paul)
    Person.objects.filter(pk=person_of(paul).pk).update(erased_at=NOW)
    assert client.get(address).status_code == 404


def test_a_signature_taken_back_answers_no_more(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas)
    Signature.objects.filter(pk=paul.pk).update(state=SignatureState.WITHDRAWN)
    assert "Votre signature a été retirée" in words(client.get(page(ask, paul)))
    answer = post(client, ask, paul, act="done")
    assert answer.status_code == 409
    assert "signez de nouveau" in words(answer)
    assert not Response.objects.exists()


def test_U40_the_letter_opens_in_the_supporters_own_mailbox(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.EMAIL)
    answer = post(client, ask, paul, act="started", words=LETTER)
    assert answer["Location"].startswith(f"{NEWS}pour/")
    ready = client.get(answer["Location"])
    (letter,) = [link for link in parts(ready).links if link.startswith("mailto:")]
    assert letter.startswith("mailto:k.diallo@valmont.example?subject=Une%20piste%20cyclable")
    assert "Ma%20fille%20a%20onze%20ans." in letter
    assert "%0D%0A" in letter
    assert post(client, ask, paul, act="done")["Location"].startswith(f"{NEWS}merci/")
    ask.refresh_from_db()
    assert (ask.started, ask.done) == (1, 1)


def test_U41_three_openings_in_rotation_and_a_line_to_fill(client: Client, lilas: Petition) -> None:
    ask = make_news(lilas, AskKind.EMAIL, ask__suggested_text="Quand voterez-vous la piste ?")
    seen = set()
    for _ in range(3):
        shown = html(client.get(page(ask, make_signature(lilas, first_name="Paul"))))
        letter = shown.partition('<textarea id="words"')[2].partition("</textarea>")[0]
        assert "Quand voterez-vous la piste" in letter
        assert "Pourquoi cela me touche" in letter
        assert "Madame," in letter
        seen.add(letter.partition("Madame,")[2].partition("Quand")[0])
    assert len(seen) == 3


def test_U41_the_line_left_empty_does_not_leave(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.EMAIL)
    start = html(client.get(page(ask, paul))).partition('<textarea id="words"')[2]
    typed = start.partition(">")[2].partition("</textarea>")[0].strip()
    ready = client.get(post(client, ask, paul, act="started", words=typed)["Location"])
    (letter,) = [link for link in parts(ready).links if link.startswith("mailto:")]
    assert "Pourquoi" not in letter
    assert "Paul%20Tremblay" in letter


def test_U42_number_hours_script_then_how_it_went(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.CALL)
    assert ask.contact is not None
    ask.contact.note = "du lundi au vendredi, 9 h – 17 h"
    ask.contact.save()
    shown = client.get(page(ask, paul))
    assert "tel:+33200000000" in parts(shown).links
    assert "du lundi au vendredi, 9 h – 17 h" in words(shown)
    script = html(shown).partition('<ol class="steps">')[2].partition("</ol>")[0]
    assert script.count("<li>") == 3
    assert "je m’appelle Paul Tremblay" in script
    for act, label in (("answered", 1), ("voicemail", 1), ("no_answer", 0)):
        post(client, ask, paul, act=act)
        assert Response.objects.get().call_result == act
        ask.refresh_from_db()
        assert (ask.started, ask.done) == (1, label)


def test_U43_networks_by_plain_links_with_text_and_address(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.TWEET)
    said = "Une piste & des enfants : répondez-nous"
    ready = client.get(post(client, ask, paul, act="started", words=said)["Location"])
    links = parts(ready).links
    (x,) = [link for link in links if link.startswith("https://x.com/")]
    assert "text=%40kdiallo_valmont%20Une%20piste%20%26%20des%20enfants" in x
    assert "piste-cyclable-rue-des-lilas" in x
    (bluesky,) = [link for link in links if link.startswith("https://bsky.app/")]
    assert "kdiallo" not in bluesky  # that handle is of another network
    assert sum("/share?text=" in link for link in links) == 5  # Mastodon, one's own server
    assert all(file.startswith("/static/") for file in parts(ready).loaded)


def test_U43_facebook_opens_the_page_with_words_to_paste(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.FACEBOOK)
    ready = client.get(post(client, ask, paul, act="started", words=LETTER)["Location"])
    assert "https://www.facebook.com/villedevalmont" in parts(ready).links
    assert "Ma fille a onze ans." in html(ready)


@pytest.mark.parametrize("kind", [AskKind.EMAIL, AskKind.CALL, AskKind.TWEET, AskKind.FACEBOOK])
def test_U45_a_contact_that_is_not_public_is_shown_nowhere(
    client: Client, lilas: Petition, paul: Signature, kind: str
) -> None:
    ask = make_news(lilas, kind)
    assert ask.contact is not None
    value = ask.contact.value.lstrip("@")
    assert value in html(client.get(NEWS)) + html(client.get(page(ask, paul)))
    ask.contact.is_public = False
    ask.contact.save()
    feed, petition = NEWS.replace("1/", "flux.atom"), NEWS.replace("mises-a-jour/1/", "")
    for path in (NEWS, page(ask, paul), feed, petition):
        shown = html(client.get(path, {"_": "1"}))
        assert value not in shown
        assert value.replace(" ", "") not in shown


def test_U46_full_is_told_with_the_rank(client: Client, lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.ATTEND, ask__capacity=1)
    make_response(ask, make_signature(lilas), Answer.YES)
    make_response(ask, make_signature(lilas), Answer.YES, waiting_since=NOW)
    answer = post(client, ask, paul, act="yes")
    assert "Vous êtes en 2e position sur la liste d’attente" in words(
        client.get(answer["Location"])
    )
    assert "C’est complet. Vous êtes en 2e position" in words(client.get(page(ask, paul)))


def test_U48_the_place_is_told_to_who_has_a_place_alone(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(
        lilas,
        AskKind.ATTEND,
        ask__capacity=1,
        ask__place="12 rue Cachée",
        ask__place_is_public=False,
    )
    other = make_signature(lilas)
    for said in ("no", "maybe"):
        post(client, ask, paul, act=said)
        assert "Cachée" not in html(client.get(page(ask, paul)))
    post(client, ask, paul, act="yes")
    post(client, ask, other, act="yes")
    assert "12 rue Cachée" in html(client.get(page(ask, paul)))
    assert "12 rue Cachée" in client.get(page(ask, paul) + "agenda.ics").content.decode()
    assert "Cachée" not in html(client.get(page(ask, other)))
    assert "Cachée" not in client.get(page(ask, other) + "agenda.ics").content.decode()
    told = {mail.person_id: mail.context["place"] for mail in Delivery.objects.all()}
    assert told == {paul.person_id: "12 rue Cachée", other.person_id: ""}


TOO_LONG = {AskKind.ADVISE: 5_001, AskKind.TESTIFY: 5_001, AskKind.CELEBRATE: 1_001}


@pytest.mark.parametrize(("kind", "length"), TOO_LONG.items())
def test_words_too_long_come_back_whole(
    client: Client, lilas: Petition, paul: Signature, kind: str, length: int
) -> None:
    ask = make_news(lilas, kind)
    typed = "é" * length
    answer = post(client, ask, paul, act="text", words=typed)
    assert answer.status_code == 422
    assert "C’est un peu long" in words(answer)
    assert 'aria-describedby="words-erreur' in html(answer)
    assert typed in html(answer)
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "a\x00b\x07c",
        "\u202eabc def",
        "👩🏽‍🚲 à vélo",
        "{{ 7|add:7 }} %s",
        "x\r\ny",
    ],
)
def test_strange_words_are_taken_as_text(
    client: Client, lilas: Petition, paul: Signature, typed: str
) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    assert post(client, ask, paul, act="text", words=typed, for_page="on").status_code == 303
    kept = Response.objects.get()
    assert not set(kept.words) & {"\x00", "\x07", "\r", "\u202e"}
    Response.objects.update(state=ResponseState.KEPT)
    shown = client.get(NEWS).content.decode()
    assert "<script>alert" not in shown
    assert "14" not in shown.partition("news__words")[2].partition("</section>")[0]


@pytest.mark.parametrize("act", ["", "yes", "rien", "done" * 50, "\x00"])
def test_an_answer_that_is_none_is_told(
    client: Client, lilas: Petition, paul: Signature, act: str
) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    answer = post(client, ask, paul, act=act, words="Ma fille y va à vélo.")
    assert answer.status_code == 422
    assert "Choisissez une réponse." in words(answer)
    assert "Ma fille y va à vélo." in html(answer)


def test_an_empty_testimony_is_told(client: Client, lilas: Petition, paul: Signature) -> None:
    answer = post(
        client, make_news(lilas, AskKind.TESTIFY), paul, act="text", words=" ", for_press="on"
    )
    assert answer.status_code == 422
    assert "Écrivez quelques mots." in words(answer)
    assert "checked" in parts(answer).fields["for_press"]


def test_advice_may_be_somebody_alone(client: Client, lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.ADVISE)
    answer = post(client, ask, paul, act="text", contact="Inès Roy, à l’agence d’urbanisme")
    assert answer.status_code == 303
    assert Response.objects.get().contact == "Inès Roy, à l’agence d’urbanisme"
    long = post(client, ask, paul, act="text", contact="n" * 301)
    assert long.status_code == 422
    assert "Trois cents caractères au plus" in words(long)


def photo(kind: str = "PNG") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "#7a1450").save(out, kind)
    return SimpleUploadedFile("moi.png", out.getvalue(), "image/png")


def test_a_photo_sent_stays_while_the_rest_is_mended(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    answer = post(client, ask, paul, act="text", words="", image=photo())
    assert answer.status_code == 422
    kept = parts(answer).fields["kept_image"]["value"]
    assert kept
    post(client, ask, paul, act="text", words="Ma fille y va à vélo.", kept_image=kept)
    assert Response.objects.get().photo == kept


def test_a_file_that_is_no_picture_is_told(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    file = SimpleUploadedFile("moi.png", b"<svg onload=alert(1)>", "image/png")
    answer = post(client, ask, paul, act="text", words="Ma fille y va à vélo.", image=file)
    assert answer.status_code == 422
    assert "Image JPEG, PNG ou WebP" in words(answer)
    assert "Ma fille y va à vélo." in html(answer)


def test_U50_no_box_is_ticked_by_us(client: Client, lilas: Petition, paul: Signature) -> None:
    ask = make_news(lilas, AskKind.TESTIFY)
    fields = parts(client.get(page(ask, paul))).fields
    boxes = [name for name, field in fields.items() if field.get("type") == "checkbox"]
    assert sorted(boxes) == ["for_dossier", "for_page", "for_press", "show_name"]
    assert not any("checked" in fields[name] for name in boxes)


def test_U51_a_testimony_is_taken_back_even_once_the_ask_is_closed(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.TESTIFY, ask__closes_at=NOW)
    make_response(
        ask,
        paul,
        words="Ma fille y va à vélo.",
        state=ResponseState.KEPT,
        for_page=True,
        for_press=True,
    )
    Ask.objects.filter(pk=ask.pk).update(started=1, done=1)
    assert "Ma fille" in html(client.get(NEWS))
    taking = client.get(page(ask, paul) + "reprendre/")
    assert "Reprendre mon témoignage" in words(taking)
    answer = client.post(page(ask, paul) + "reprendre/")
    assert "nous n’en gardons rien" in words(client.get(answer["Location"]))
    assert not Response.objects.exists()
    assert "Ma fille" not in html(client.get(NEWS, {"_": 1}))
    ask.refresh_from_db()
    assert ask.done == 0


def test_U50_ticks_change_at_any_time_and_the_words_stay_kept(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.TESTIFY, ask__closes_at=NOW)
    make_response(ask, paul, words="À vélo.", state=ResponseState.KEPT, for_press=True)
    answer = client.post(page(ask, paul) + "accords/", {"for_page": "on"})
    assert "vos mots ne servent qu’à" in words(client.get(answer["Location"]))
    kept = Response.objects.get()
    assert (kept.for_page, kept.for_press, kept.state) == (True, False, ResponseState.KEPT)


def test_U53_launching_opens_the_steps_with_theme_and_origin(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.LAUNCH)
    answer = post(client, ask, paul, act="started")
    assert answer["Location"] == "/lancer/?origine=piste-cyclable-rue-des-lilas"
    ask.refresh_from_db()
    assert (ask.started, ask.done) == (1, 0)


def test_U56_closed_says_thanks_and_what_it_brought(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.EMAIL, ask__closes_at=NOW, ask__done=2911, ask__started=3480)
    for path in (NEWS, page(ask, paul)):
        shown = client.get(path)
        assert "C’est terminé : voici ce que vous avez permis" in words(shown)
        assert "2 911 personnes disent avoir écrit." in words(shown)
        assert "6 391" not in words(shown)
        assert "button--primary" not in html(shown)
    late = post(client, ask, paul, act="done")
    assert late.status_code == 409
    assert "Cette demande est close depuis le 16 septembre 2026" in words(late)


def test_answers_from_one_network_are_limited(
    client: Client, lilas: Petition, paul: Signature, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("levier.faces.public.visits.HARD_LIMIT", 2)
    ask = make_news(lilas, AskKind.TESTIFY)
    for n in range(2):
        assert post(client, ask, paul, act="text", words=f"Mot {n} de moi").status_code == 303
    refused = post(client, ask, paul, act="text", words="Un mot de trop")
    assert refused.status_code == 429
    assert "Réessayez dans 10\u00a0minutes" in html(refused)
    assert "Un mot de trop" in html(refused)
    assert Response.objects.get().words == "Mot 1 de moi"


@pytest.mark.parametrize("kind", AskKind.values)
def test_the_page_asks_as_much_of_the_database_for_one_as_for_many(
    client: Client,
    lilas: Petition,
    paul: Signature,
    kind: str,
    django_assert_max_num_queries: Queries,
) -> None:
    ask = make_news(lilas, kind)
    for _ in range(3):
        make_response(
            ask, make_signature(lilas), words="Un mot", state=ResponseState.KEPT, for_page=True
        )
    with django_assert_max_num_queries(20):
        client.get(page(ask, paul))


def test_U39_the_page_shows_what_was_answered(
    client: Client, lilas: Petition, paul: Signature
) -> None:
    ask = make_news(lilas, AskKind.ATTEND)
    post(client, ask, paul, act="maybe")
    shown = client.get(page(ask, paul))
    assert "Vous avez dit : peut-être." in words(shown)
    assert person_of(paul).pk == Response.objects.get().person_id
