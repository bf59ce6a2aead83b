"""Advice beside the composer: it says, and never blocks."""

from datetime import datetime, timedelta

import pytest

from levier.foundation.messaging.models.message import Message
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.victory import Victory
from levier.gathering.updates.actions.publish import publish
from levier.gathering.updates.actions.queue_audience import queue_audience
from levier.gathering.updates.actions.remind_authors import remind_authors, set_reminder
from levier.gathering.updates.enums import AskKind, UpdateKind, UpdateState
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.facts import facts_for
from levier.gathering.updates.rules.advice import quiet_time_advice, silence_line, variety
from tests.account_mails import queued_account_mails
from tests.cast import NOW
from tests.drafts import make_draft
from tests.news import make_news, make_press_link

pytestmark = pytest.mark.django_db


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def kinds(petition: Petition, **given: str) -> list[str]:
    return [idea.kind for idea in variety(petition, now=NOW, **given).ideas]


def test_U10_three_shares_in_a_row_and_another_idea(lilas: Petition) -> None:
    for _ in range(2):
        make_news(lilas, AskKind.SHARE)
    said = variety(lilas, now=NOW, kind=UpdateKind.ARTICLE, ask=AskKind.SHARE).repeated
    assert [plain(one) for one in said] == [
        "Trois fois de suite la même demande : partager. Et si vous demandiez un témoignage ?",
        "Trois nouvelles de suite du même genre : « Un article parle de nous ».",
    ]
    assert variety(lilas, now=NOW, kind=UpdateKind.TESTIMONY, ask=AskKind.TESTIFY).repeated == []


def test_U10_only_the_last_five_count_and_nothing_is_said_of_the_first(lilas: Petition) -> None:
    assert variety(lilas, now=NOW, kind=UpdateKind.ARTICLE, ask=AskKind.SHARE).repeated == []
    for _ in range(7):
        make_news(lilas, AskKind.TESTIFY)
    said = variety(lilas, now=NOW).repeated[0]
    assert plain(said).startswith("Cinq fois de suite la même demande : raconter son expérience.")
    assert "un conseil" in said


def test_U10_kinds_never_used_that_facts_support(lilas: Petition) -> None:
    assert kinds(lilas) == [UpdateKind.TESTIMONY, UpdateKind.ADVICE]
    make_press_link(lilas)
    Milestone.objects.create(petition=lilas, threshold=500, reached_at=NOW)
    Petition.objects.filter(pk=lilas.pk).update(closes_at=NOW + timedelta(days=5))
    lilas.refresh_from_db()
    assert kinds(lilas) == ["article", "milestone", "event", "testimony", "advice"]
    assert kinds(lilas, kind="article")[0] == "milestone"
    make_news(lilas, AskKind.TESTIFY)
    assert UpdateKind.TESTIMONY not in kinds(lilas)
    why = {idea.kind: plain(idea.why) for idea in variety(lilas, now=NOW).ideas}
    assert why["milestone"] == "Vous venez de passer 500 signatures."


def test_U10_an_article_shown_once_is_told(lilas: Petition) -> None:
    make_news(lilas, AskKind.SHARE)  # with its article
    assert facts_for(lilas).articles == 0


def test_U11_nothing_new_and_how_many_left_after_the_last(lilas: Petition) -> None:
    assert quiet_time_advice(lilas) is None  # nothing was ever told: everything is new
    update = publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    queue_audience(update=update.pk, now=NOW)
    Message.objects.filter(pk=update.message_id or 0).update(unsubscribed=38)
    advice = quiet_time_advice(lilas)
    assert advice is not None
    assert plain(advice.sentence).startswith("Ne spammez pas vos signataires :")
    assert [idea.kind for idea in advice.ideas] == ["testimony", "advice", "launch"]
    assert advice.unsubscribed == 38
    assert "38 personnes se sont désabonnées" in advice.unsubscribed_sentence


@pytest.mark.parametrize("fact", ["article", "milestone", "victory"])
def test_U11_a_new_fact_is_worth_telling(lilas: Petition, fact: str) -> None:
    publish(update=make_draft(lilas), by=lilas.author, now=NOW)
    later = NOW + timedelta(hours=1)
    if fact == "article":
        make_press_link(lilas, added_at=later)
    if fact == "milestone":
        Milestone.objects.create(petition=lilas, threshold=500, reached_at=later)
    if fact == "victory":
        Petition.objects.filter(pk=lilas.pk).update(state="won", closed_at=later)
        Victory.objects.create(
            petition=lilas,
            decision="Voté.",
            decided_on=NOW.date(),
            evidence_url="https://valmont.example/vote",
            declared_at=later,
        )
        lilas.refresh_from_db()
    assert quiet_time_advice(lilas) is None


def test_U11_a_word_to_oneself_on_a_day_once(lilas: Petition) -> None:
    draft = make_draft(lilas)
    day = NOW + timedelta(days=7)
    set_reminder(update=draft, at=day, by=lilas.author, now=NOW)
    assert remind_authors(now=day - timedelta(seconds=1)) == 0
    assert remind_authors(now=day) == 1
    assert remind_authors(now=day) == 0
    (mail,) = queued_account_mails()
    assert (mail["to"], mail["subject"]) == (
        lilas.author.email,
        "Votre mise à jour vous attend",
    )
    assert f"/mises-a-jour/{draft.pk}/" in mail["text"]


def test_U12_thirty_days_of_silence_are_one_line_for_the_team(lilas: Petition) -> None:
    at = NOW + timedelta(days=30)
    assert silence_line(lilas, now=at - timedelta(seconds=1)) == ""
    assert plain(silence_line(lilas, now=at)).startswith("Ouverte depuis 30 jours, sans")
    publish(update=make_draft(lilas), by=lilas.author, now=at)
    assert silence_line(lilas, now=at) == ""
    later = at + timedelta(days=34)
    assert plain(silence_line(lilas, now=later)).startswith("Pas de nouvelle depuis 34 jours :")
    Petition.objects.filter(pk=lilas.pk).update(state="won", closed_at=NOW)
    lilas.refresh_from_db()
    assert silence_line(lilas, now=later) == ""


def obtained(petition: Petition, met: datetime | None) -> Update:
    draft = make_draft(petition, kind=UpdateKind.MEETING_OBTAINED, ask=AskKind.ENCOURAGE)
    Ask.objects.filter(pk=draft.pk).update(closes_at=met)
    return publish(update=draft, by=petition.author, now=NOW)


def test_U13_the_day_after_the_meeting_a_draft_waits_and_its_author_is_told(
    lilas: Petition,
) -> None:
    met = NOW + timedelta(days=9)
    first = obtained(lilas, met)
    held = Update.objects.get(kind=UpdateKind.MEETING_HELD)
    assert (held.follows, held.state, held.author) == (first, UpdateState.DRAFT, lilas.author)
    assert held.remind_at == met + timedelta(days=1)
    assert remind_authors(now=met + timedelta(days=1)) == 1
    (mail,) = queued_account_mails()
    assert mail["subject"] == "Racontez la rencontre à vos signataires"
    assert "ce que vous attendez d’eux à présent" in mail["text"]


def test_U13_told_again_no_second_draft(lilas: Petition) -> None:
    first = obtained(lilas, None)
    make_news(lilas, AskKind.ENCOURAGE, n=9)
    assert Update.objects.filter(follows=first).count() == 1
    assert Update.objects.get(follows=first).remind_at == NOW + timedelta(days=1)


def test_U14_what_was_said_asks_for_what_is_expected_now(lilas: Petition) -> None:
    obtained(lilas, None)
    ask = Ask.objects.get(update__kind=UpdateKind.MEETING_HELD)
    assert ask.label == "Faire connaître la réponse"
    assert "ce que Mme Diallo nous a répondu" in ask.instructions
