"""A petition taken away from the public."""

from datetime import datetime

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.ledger.models import Entry
from levier.gathering.petitions.actions.removing import remove
from levier.gathering.petitions.errors import WrongState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.queries import page_of, removal_at
from tests.cast import make_signature

pytestmark = pytest.mark.django_db
SLUG = "piste-cyclable-rue-des-lilas"


def test_removed_it_is_read_nowhere_and_says_why(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    signature = make_signature(lilas)
    remove(petition=lilas, reason="Publiée deux fois.", by=aicha, now=now)
    lilas.refresh_from_db()
    assert (lilas.state, lilas.closed_at) == ("removed", now)  # names will leave on time (P63)
    assert page_of(SLUG) is None
    removal = removal_at(SLUG)
    assert removal is not None
    assert (removal.reason, removal.removed_by) == ("Publiée deux fois.", aicha)
    signature.refresh_from_db()
    assert signature.state == "counted"
    assert b'"act":"petitions.remove"' in bytes(Entry.objects.latest("seq").leaf)


def test_removed_once_for_all(lilas: Petition, aicha: User, now: datetime) -> None:
    remove(petition=lilas, reason="Publiée deux fois.", by=aicha, now=now)
    with pytest.raises(WrongState):
        remove(petition=lilas, reason="Autre raison.", by=aicha, now=now)


def test_a_draft_is_not_removed(lilas: Petition, aicha: User, now: datetime) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state="draft")
    with pytest.raises(WrongState):
        remove(petition=lilas, reason="Publiée deux fois.", by=aicha, now=now)
    assert removal_at(SLUG) is None
