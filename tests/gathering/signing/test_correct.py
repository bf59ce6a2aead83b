from datetime import datetime
from typing import Any

import pytest

from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import Activity
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.correct import correct
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.errors import NoLongerStanding
from levier.gathering.signing.models.signature import Signature
from tests.cast import make_signature

TYPED = {
    "first_name": "Camille",
    "last_name": "Roche",
    "postcode": "35000",
    "country": "FR",
    "show_name": False,
}


def mend(signature: Signature, now: datetime, **changed: Any) -> Signature:
    return correct(signature_id=signature.pk, now=now, **{**TYPED, **changed})


def test_mends_signature_person_and_shown_name(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas)
    assert signature.person is not None
    Comment.objects.create(
        petition=lilas, person=signature.person, text="Pour la rue.", created_at=now
    )
    mended = mend(signature, now, last_name="Leroy", show_name=True)
    signature.person.refresh_from_db()
    assert (mended.last_name, mended.show_name, mended.number) == ("Leroy", True, 1)
    assert signature.person.last_name == "Leroy"
    assert Comment.objects.get().shown_name == "Camille L."


def test_P54_name_is_taken_off_the_comment(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas, show_name=True)
    assert signature.person is not None
    Comment.objects.create(
        petition=lilas,
        person=signature.person,
        shown_name="Camille R.",
        text="Pour la rue.",
        created_at=now,
    )
    mend(signature, now)
    assert Comment.objects.get().shown_name == ""


def test_says_which_fields_changed_and_never_their_content(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas)
    mend(signature, now, postcode="35200", last_name="Leroy")
    assert Activity.objects.get(kind=ActivityKind.CORRECTED).data == {
        "fields": ["last_name", "postcode"]
    }
    entry = Entry.objects.get()
    assert entry.kind == EntryKind.AUDIT
    assert b"Leroy" not in bytes(entry.leaf)
    assert b"35200" not in bytes(entry.leaf)


def test_nothing_changed_says_nothing(lilas: Petition, now: datetime) -> None:
    mend(make_signature(lilas), now)
    assert not Activity.objects.exists()
    assert not Entry.objects.exists()


def test_P33_another_signature_of_the_person_keeps_what_was_typed_there(
    lilas: Petition, now: datetime
) -> None:
    signature = make_signature(lilas)
    older = make_signature(lilas, person=signature.person, state=SignatureState.WITHDRAWN)
    mend(signature, now, last_name="Leroy")
    older.refresh_from_db()
    assert older.last_name == "Roche"


def test_a_withdrawn_one_is_not_corrected(lilas: Petition, now: datetime) -> None:
    signature = make_signature(lilas, state=SignatureState.WITHDRAWN)
    with pytest.raises(NoLongerStanding):
        mend(signature, now, last_name="Leroy")
    signature.refresh_from_db()
    assert signature.last_name == "Roche"
