"""The mail of an update, as it is read."""

from typing import Any

import pytest
from django.db import connection, transaction

from levier.foundation.common.tokens import BadToken, ExpiredToken
from levier.foundation.common.typography import day
from levier.foundation.messaging.mails.compiled import compiled
from levier.foundation.messaging.models.delivery import Delivery
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.signature import Signature
from levier.gathering.updates.actions.publish import publish
from levier.gathering.updates.actions.queue_audience import queue_audience
from levier.gathering.updates.actions.send_test import send_test
from levier.gathering.updates.errors import EnoughTests
from levier.gathering.updates.mails.update import first_lines, sample_letter
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.rehearsal import MOST_REHEARSALS
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.mailed_links import mailbox_in, mailed_token
from levier.gathering.updates.queries.readers import signed_on
from levier.gathering.updates.rules.answering import ANSWER_AGE, reader_of
from tests.account_mails import queued_account_mails
from tests.cast import NOW, make_signature
from tests.drafts import make_agreeing, make_draft

pytestmark = pytest.mark.django_db
UNSUBSCRIBE = "https://testserver/desabonnement/jeton/"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def letter_to(lilas: Petition, signature: Signature, **fields: Any) -> Any:
    update = publish(update=make_draft(lilas, **fields), by=lilas.author, now=NOW)
    queue_audience(update=update.pk, now=NOW)
    mail = Delivery.objects.get(source=f"update:{update.pk}", person=signature.person)
    context = {**mail.message.context, **mail.context, "unsubscribe_url": UNSUBSCRIBE}
    return compiled(mail.message.template).fill(context)


def test_U34_it_says_why_one_receives_it(lilas: Petition) -> None:
    paul = make_agreeing(lilas, first_name="Paul", signed_at=NOW.replace(month=3, day=3))
    letter = letter_to(lilas, paul)
    for text in (letter.text, letter.html):
        assert (
            "cette adresse a signé la pétition « Une piste cyclable rue des Lilas » le 3 mars 2026."
        ) in plain(text)
    assert letter.subject == "Racontez-nous la rue des Lilas"
    assert "Bonjour Paul," in letter.text


def test_U35_one_leaves_by_its_own_link(lilas: Petition) -> None:
    letter = letter_to(lilas, make_agreeing(lilas))
    assert UNSUBSCRIBE in letter.text
    assert f'href="{UNSUBSCRIBE}"' in letter.html
    assert "Ne plus recevoir les nouvelles de cette pétition" in letter.html


def test_U38_one_button_that_knows_its_reader_and_one_link_for_all(lilas: Petition) -> None:
    paul = make_agreeing(lilas)
    letter = letter_to(lilas, paul)
    token = mailed_token(update=Update.objects.get().pk, contact_point=paul.contact_point_id or 0)
    button = f"/petitions/piste-cyclable-rue-des-lilas/mises-a-jour/1/pour/{token}/"
    assert letter.html.count('class="action') == 1
    assert button in letter.text
    assert "/mises-a-jour/1/\n" in letter.text


def test_U58_no_pixel_and_nothing_from_elsewhere(lilas: Petition) -> None:
    letter = letter_to(lilas, make_agreeing(lilas))
    assert letter.html.count("<img") == 1  # the picture, the same for all
    assert "images/0123456789abcdef0123456789abcdef.jpg" in letter.html
    assert 'width="1"' not in letter.html


def test_without_a_first_name_it_greets_all_the_same(lilas: Petition) -> None:
    assert letter_to(lilas, make_agreeing(lilas, first_name="")).text.startswith("Bonjour,\n")


def test_an_article_has_its_card(lilas: Petition) -> None:
    card = {"title": "À vélo", "outlet": "Le Courrier", "day": "", "image": ""}
    fields = {"photo": "", "photo_alt": "", "article_url": "https://exemple.fr/a", "article": card}
    letter = letter_to(lilas, make_agreeing(lilas), **fields)
    assert 'href="https://exemple.fr/a"' in letter.html
    assert "À lire dans Le Courrier\u00a0: À vélo" in letter.text


def test_what_was_typed_is_never_markup(lilas: Petition) -> None:
    nasty = make_agreeing(lilas, first_name="<b>Eve</b>")
    letter = letter_to(lilas, nasty, title="Attention & <i>feu</i>")
    assert "<b>Eve" not in letter.html
    assert "<i>feu" not in letter.html
    assert letter.subject == "Attention & <i>feu</i>"


def test_the_day_in_sql_is_that_of_python(lilas: Petition) -> None:
    for month in range(1, 13):
        make_signature(lilas, signed_at=NOW.replace(month=month, day=1, hour=0, minute=30))
    make_signature(lilas, signed_at=NOW.replace(month=12, day=31, hour=23, minute=59))
    for row in Signature.objects.annotate(said=signed_on("Europe/Paris")):
        assert row.said == day(row.signed_at)


def test_U38_the_link_of_a_mail_knows_its_mailbox_and_its_update(lilas: Petition) -> None:
    paul = make_agreeing(lilas)
    letter_to(lilas, paul)
    update = Update.objects.get()
    point = paul.contact_point_id or 0
    token = mailed_token(update=update.pk, contact_point=point)
    found = reader_of(token, update, now=NOW)
    assert (found.mailbox.pk, found.signature) == (point, paul)
    with pytest.raises(ExpiredToken):
        reader_of(token, update, now=NOW + 2 * ANSWER_AGE)
    forged = f"{point + 1}-{token.partition('-')[2]}"
    for wrong in (forged, token[:-1] + "g", token.upper(), "", f"{point}-", "0-" + "0" * 24):
        with pytest.raises(BadToken):
            mailbox_in(wrong, update=update.pk)
    with pytest.raises(BadToken):
        mailbox_in(token, update=update.pk + 1)


def test_U36_a_test_goes_to_its_author_marked_with_links_that_record_nothing(
    lilas: Petition,
) -> None:
    update = make_draft(lilas)
    assert send_test(update=update, by=lilas.author, now=NOW) == MOST_REHEARSALS - 1
    (mail,) = queued_account_mails()
    assert mail["to"] == lilas.author.email
    assert mail["subject"] == "[Essai] Racontez-nous la rue des Lilas"
    assert "Bonjour Camille," in mail["text"]
    assert f"/mises-a-jour/{update.pk}/apercu/" in mail["text"]
    assert "/pour/" not in mail["text"] + mail["html"]
    assert "/desabonnement/" not in mail["text"] + mail["html"]
    assert not Delivery.objects.exists()


def test_U36_twenty_a_day_at_most(lilas: Petition) -> None:
    update = make_draft(lilas)
    for left in range(MOST_REHEARSALS - 1, -1, -1):
        assert send_test(update=update, by=lilas.author, now=NOW) == left
    with pytest.raises(EnoughTests):
        send_test(update=update, by=lilas.author, now=NOW)
    assert len(queued_account_mails()) == MOST_REHEARSALS
    tomorrow = NOW.replace(day=NOW.day + 1)
    assert send_test(update=update, by=lilas.author, now=tomorrow) == MOST_REHEARSALS - 1


def test_a_draft_with_nothing_in_it_can_be_tried_too(lilas: Petition) -> None:
    update = make_draft(lilas, title="", body="", photo="", photo_alt="")
    assert sample_letter(Ask.objects.get(pk=update.pk), now=NOW).subject == ""
    send_test(update=update, by=lilas.author, now=NOW)
    assert queued_account_mails()[0]["subject"] == "[Essai] Sans titre"


@pytest.mark.django_db(transaction=True)
def test_a_sample_is_read_where_nothing_can_be_written(lilas: Petition) -> None:
    ask = Ask.objects.get(pk=make_draft(lilas).pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        letter = sample_letter(ask, now=NOW)
    assert letter.subject == "Racontez-nous la rue des Lilas"


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("", []),
        ("<p>Un &amp; deux</p><ul><li>trois</li></ul>", ["Un & deux", "trois"]),
        ("<p>a<br>b</p><p> </p>", ["a", "b"]),
    ],
)
def test_the_first_lines_are_plain_words(html: str, lines: list[str]) -> None:
    assert first_lines(html) == lines


def test_a_long_text_is_cut_between_two_words() -> None:
    (line,) = first_lines(f"<p>{'bonjour ' * 100}</p>")
    assert len(line) <= 481
    assert line.endswith("bonjour…")
