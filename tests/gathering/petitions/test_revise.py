"""P6: the ask is frozen at the first signature; other words make new, dated versions."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import Words
from levier.gathering.petitions.errors import AskFrozen, WrongState
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.signing.actions.opening import revise_petition
from tests.cast import make_signature

pytestmark = pytest.mark.django_db


def words_of(petition: Petition) -> Words:
    version = petition.version
    assert version is not None
    return Words(title=version.title, ask=version.ask, story=version.story)


def test_P06_the_ask_changes_until_somebody_has_signed(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    other = replace(words_of(lilas), ask="Nous demandons à Mme Diallo de réparer la rue.")
    second = revise_petition(petition=lilas, words=other, by=aicha, now=now)
    assert (second.n, second.ask) == (2, other.ask)
    make_signature(lilas)
    lilas.refresh_from_db()
    third = replace(other, ask="Autre chose")
    with pytest.raises(AskFrozen):
        revise_petition(petition=lilas, words=third, by=aicha, now=now)
    assert Version.objects.filter(petition=lilas).count() == 2


def test_P06_the_rest_changes_in_a_new_dated_version_and_signatures_keep_theirs(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    signature = make_signature(lilas)
    later = now + timedelta(days=3)
    words = replace(words_of(lilas), title="Une piste, enfin", story="<p>Autrement.</p>")
    version = revise_petition(petition=lilas, words=words, by=aicha, now=later)
    lilas.refresh_from_db()
    signature.refresh_from_db()
    assert lilas.version == version
    assert (version.n, version.published_at) == (2, later)
    assert signature.version.n == 1
    assert signature.version.title == "Une piste cyclable rue des Lilas"


def test_P06_the_same_words_make_no_version(lilas: Petition, aicha: User, now: datetime) -> None:
    words = replace(words_of(lilas), title="Une piste, enfin")
    first = revise_petition(petition=lilas, words=words, by=aicha, now=now)
    again = revise_petition(petition=lilas, words=words, by=aicha, now=now)
    assert first == again
    assert Version.objects.filter(petition=lilas).count() == 2


def test_P06_the_database_itself_refuses_to_change_a_published_version(lilas: Petition) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Version.objects.filter(petition=lilas).update(title="Autre")
    assert Version.objects.get(petition=lilas).title == "Une piste cyclable rue des Lilas"


def test_a_story_is_cleaned_and_what_was_published_is_fingerprinted(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    words = replace(words_of(lilas), story='<p onclick="x">Vrai</p><script>faux</script>')
    version = revise_petition(petition=lilas, words=words, by=aicha, now=now)
    assert version.story == "<p>Vrai</p>"
    assert len(bytes(version.sha256)) == hashlib.sha256().digest_size
    other = replace(words, title="Autre titre")
    assert bytes(revise_petition(petition=lilas, words=other, by=aicha, now=now).sha256) != bytes(
        version.sha256
    )


def test_a_closed_petition_is_not_revised(lilas: Petition, aicha: User, now: datetime) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state="closed", closed_at=now)
    with pytest.raises(WrongState):
        revise_petition(
            petition=lilas, words=replace(words_of(lilas), title="Trop tard"), by=aicha, now=now
        )
