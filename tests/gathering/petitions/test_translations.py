"""A petition's text in other languages: with a version, then frozen, the demand like the ask."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import ProgrammingError, transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.models import Entry
from levier.gathering.petitions.actions.drafting import Words, set_addressee, start_draft
from levier.gathering.petitions.actions.translating import (
    forget_translation,
    publish_translation,
    save_translation,
)
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.errors import AskFrozen, NotReady, WrongState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.translation import Translation
from levier.gathering.petitions.queries import languages_of, translations_of
from levier.gathering.signing.actions.opening import (
    open_petition,
    revise_petition,
    translate_petition,
)
from tests.cast import make_addressee, make_campaign, make_signature

pytestmark = pytest.mark.django_db
FRENCH = Words(title="Des arbres", ask="Que la Ville plante.", story="<p>Il fait chaud.</p>")
ENGLISH = Words(title="Trees", ask="Let the town plant.", story="<p>It is hot.</p>")


def test_it_is_published_with_the_version_it_translates(
    valmont: object, aicha: User, now: datetime
) -> None:
    petition = start_draft(campaign=make_campaign(valmont), words=FRENCH, by=aicha, now=now)  # type: ignore[arg-type]
    post, _ = make_addressee(petition.campaign.organisation)
    set_addressee(petition=petition, mandate=None, post=post, by=aicha, now=now)
    for language, words in (("en", ENGLISH), ("de", Words(title="Bäume", ask="", story=""))):
        translate_petition(petition=petition, language=language, words=words, by=aicha, now=now)
    assert languages_of(petition) == []
    open_petition(petition=petition, by=aicha, now=now)
    assert [(one.language, one.published_at) for one in translations_of(petition)] == [("en", now)]
    assert Translation.objects.get(language="de").published_at is None  # it does not say all


def test_a_published_translation_is_frozen_and_corrected_by_the_next(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    later = now + timedelta(days=1)
    translate_petition(petition=lilas, language="en", words=ENGLISH, by=aicha, now=now)
    publish_translation(petition=lilas, language="en", by=aicha, now=now)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Translation.objects.update(title="Shrubs")
    better = Words(title="More trees", ask=ENGLISH.ask, story=ENGLISH.story)
    translate_petition(petition=lilas, language="en", words=better, by=aicha, now=later)
    assert translations_of(lilas)[0].title == "Trees"
    publish_translation(petition=lilas, language="en", by=aicha, now=later)
    assert [(one.n, one.title) for one in translations_of(lilas)] == [
        (2, "More trees"),
        (1, "Trees"),
    ]
    acts = [json.loads(bytes(one.leaf))["act"] for one in Entry.objects.order_by("seq")]
    assert acts.count("petitions.publish_translation") == 2


def test_P06_the_demand_of_a_language_is_frozen_once_read_and_signed(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    translate_petition(petition=lilas, language="en", words=ENGLISH, by=aicha, now=now)
    publish_translation(petition=lilas, language="en", by=aicha, now=now)
    make_signature(lilas)
    other = Words(title="Trees", ask="Let nobody plant.", story=ENGLISH.story)
    with pytest.raises(AskFrozen):
        translate_petition(petition=lilas, language="en", words=other, by=aicha, now=now)
    translate_petition(petition=lilas, language="es", words=ENGLISH, by=aicha, now=now)
    title = Words(title="Plant trees", ask=ENGLISH.ask, story=ENGLISH.story)
    translate_petition(petition=lilas, language="en", words=title, by=aicha, now=now)


def test_a_new_version_leaves_the_translation_of_the_old_one_to_be_read(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    translate_petition(petition=lilas, language="en", words=ENGLISH, by=aicha, now=now)
    publish_translation(petition=lilas, language="en", by=aicha, now=now)
    revise_petition(petition=lilas, words=FRENCH, by=aicha, now=now)
    lilas.refresh_from_db()
    assert [one.version_id == lilas.version_id for one in translations_of(lilas)] == [False]
    with pytest.raises(NotReady):
        publish_translation(petition=lilas, language="en", by=aicha, now=now)


def test_a_draft_can_be_thrown_away_and_a_finished_petition_is_left_alone(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    translate_petition(petition=lilas, language="en", words=ENGLISH, by=aicha, now=now)
    forget_translation(petition=lilas, language="en", by=aicha, now=now)
    assert not Translation.objects.exists()
    Petition.objects.update(state=PetitionState.CLOSED)
    with pytest.raises(WrongState):
        save_translation(
            petition=lilas, language="en", words=ENGLISH, is_signed=False, by=aicha, now=now
        )
