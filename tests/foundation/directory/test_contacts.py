"""How somebody who decides is reached: written in one shape, shown only when it is public."""

from datetime import date, datetime

import pytest

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.directory.actions import (
    Reached,
    add_contact,
    change_contact,
    delete_contact,
)
from levier.foundation.directory.errors import ContactInUse, ContactTaken, SourceMissing
from levier.foundation.directory.models import ContactDetail
from levier.foundation.directory.queries import contacts_of, public_contacts_of
from levier.foundation.directory.rules import contact_value
from levier.foundation.ledger.models import Entry
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.enums import AskKind, UpdateKind
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from tests.cast import make_addressee

OFFICE = Reached(
    type="email", value="mobilites@valmont.example", is_public=True, source="valmont.example/elus"
)
DIRECT = Reached(type="voice", value="06 00 00 00 00")


@pytest.mark.parametrize(
    ("type_", "typed", "kept"),
    [
        ("email", " cabinet@valmont.example ", "cabinet@valmont.example"),
        ("voice", "02 99 00 00 00", "02 99 00 00 00"),
        ("x", "k_diallo", "@k_diallo"),
        ("x", "https://twitter.com/k_diallo/", "@k_diallo"),
        ("x", "x.com/k_diallo", "@k_diallo"),
        ("bluesky", "https://bsky.app/profile/Diallo.bsky.social", "@diallo.bsky.social"),
        ("bluesky", "@valmont.fr", "@valmont.fr"),
        ("mastodon", "diallo@Piaille.fr", "@diallo@piaille.fr"),
        ("mastodon", "https://piaille.fr/@diallo", "@diallo@piaille.fr"),
        ("facebook", "khady.diallo", "https://www.facebook.com/khady.diallo"),
        (
            "facebook",
            "m.facebook.com/khady.diallo/?ref=x",
            "https://www.facebook.com/khady.diallo",
        ),
    ],
)
def test_what_is_pasted_is_kept_in_one_shape(type_: str, typed: str, kept: str) -> None:
    assert contact_value(type_, typed) == kept


@pytest.mark.parametrize(
    ("type_", "typed"),
    [
        ("email", "pas une adresse"),
        ("voice", "12"),
        ("voice", ""),
        ("x", "un nom trop long pour X"),
        ("x", "https://exemple.fr/diallo"),
        ("bluesky", "diallo"),
        ("mastodon", "@diallo"),
        ("mastodon", "https://piaille.fr/"),
        ("facebook", "https://exemple.fr/diallo"),
        ("facebook", "javascript:alert(1)"),
        ("facebook", "https://facebook.com.exemple.fr/diallo"),
    ],
)
def test_what_reaches_nobody_is_refused(type_: str, typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the form has the sentence
        contact_value(type_, typed)


@pytest.mark.django_db
def test_U45_only_what_is_public_and_professional_is_given_out(
    valmont: Organisation, aicha: User, now: datetime
) -> None:
    post, person = make_addressee(valmont)
    office = add_contact(whose=post, how=OFFICE, by=aicha, now=now)
    direct = add_contact(whose=person, how=DIRECT, by=aicha, now=now)
    assert list(contacts_of(post, person)) == [office, direct]
    assert list(public_contacts_of(post, person)) == [office]
    assert list(contacts_of(None, None)) == []
    assert (office.consulted_on, direct.consulted_on) == (date(2026, 9, 16), None)
    hidden = Reached(**{**vars(OFFICE), "is_public": False})
    change_contact(contact=office, how=hidden, by=aicha, now=now)
    assert list(public_contacts_of(post, person)) == []


@pytest.mark.django_db
def test_U45_nothing_is_public_without_the_page_that_publishes_it(
    valmont: Organisation, aicha: User, now: datetime
) -> None:
    post, _ = make_addressee(valmont)
    with pytest.raises(SourceMissing):
        add_contact(whose=post, how=Reached(**{**vars(OFFICE), "source": ""}), by=aicha, now=now)
    assert not ContactDetail.objects.exists()


@pytest.mark.django_db
def test_the_same_one_twice_is_refused(valmont: Organisation, aicha: User, now: datetime) -> None:
    post, person = make_addressee(valmont)
    add_contact(whose=post, how=OFFICE, by=aicha, now=now)
    with pytest.raises(ContactTaken):
        add_contact(whose=post, how=OFFICE, by=aicha, now=now)
    theirs = add_contact(whose=person, how=OFFICE, by=aicha, now=now)
    taken = add_contact(whose=person, how=DIRECT, by=aicha, now=now)
    with pytest.raises(ContactTaken):
        change_contact(contact=taken, how=OFFICE, by=aicha, now=now)
    assert set(contacts_of(post, person).values_list("value", flat=True)) == {
        OFFICE.value,
        DIRECT.value,
    }
    assert theirs.person == person


@pytest.mark.django_db
def test_deleted_twice_is_once_and_what_an_update_leads_to_stays(
    valmont: Organisation, lilas: Petition, aicha: User, now: datetime
) -> None:
    post = lilas.addressee_post
    assert post is not None
    contact = add_contact(whose=post, how=OFFICE, by=aicha, now=now)
    used = add_contact(whose=post, how=DIRECT, by=aicha, now=now)
    update = Update.objects.create(
        petition=lilas,
        kind=UpdateKind.PRESSURE,
        author=aicha,
        edited_by=aicha,
        edited_at=now,
        created_at=now,
    )
    Ask.objects.create(update=update, kind=AskKind.CALL, label="Appeler", contact=used)
    with pytest.raises(ContactInUse):
        delete_contact(contact=used, by=aicha, now=now)
    before = Entry.objects.count()
    delete_contact(contact=contact, by=aicha, now=now)
    delete_contact(contact=contact, by=aicha, now=now)
    assert Entry.objects.count() == before + 1
    assert list(contacts_of(post, None)) == [used]
    written = b"".join(bytes(entry.leaf) for entry in Entry.objects.all())
    assert b"add_contact" in written
    assert OFFICE.value.encode() not in written
