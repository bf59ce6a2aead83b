"""An organisation signs: its mailbox answers, the team decides, no number and no count."""

from datetime import timedelta
from typing import Any

import pytest

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.organisation_signatures import (
    UNANSWERED,
    Told,
    confirm_organisation,
    forget_organisations,
    publish_organisation,
    refuse_organisation,
    sign_as_organisation,
    withdraw_organisation,
)
from levier.gathering.signing.enums import OrganisationState
from levier.gathering.signing.errors import AlreadyListed, NoLongerStanding
from levier.gathering.signing.models.organisation_signature import OrganisationSignature
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.organisations import organisations_behind
from levier.gathering.signing.rules.links import organisation_in
from tests.account_mails import queued_account_mails
from tests.cast import NOW

pytestmark = pytest.mark.django_db
TITLE = "Une piste cyclable rue des Lilas"


def sign(petition: Petition, **fields: Any) -> OrganisationSignature:
    told = {
        "name": "Amicale du Lavoir",
        "contact_name": "Rose Dupin",
        "contact_role": "présidente",
        "email": "rose@lavoir.example",
        **fields,
    }
    return sign_as_organisation(petition=petition, title=TITLE, told=Told(**told), now=NOW)


def confirmed(petition: Petition, **fields: Any) -> OrganisationSignature:
    return confirm_organisation(signed=sign(petition, **fields).pk, now=NOW)


def names(petition: Petition) -> list[str]:
    return [one.name for one in organisations_behind(petition)]


def test_its_mailbox_answers_before_anybody_reads_it(lilas: Petition) -> None:
    signed = sign(lilas)
    assert signed.state == OrganisationState.UNCONFIRMED
    (mail,) = queued_account_mails()
    assert mail["to"] == "rose@lavoir.example"
    assert "Amicale du Lavoir" in mail["subject"]
    assert TITLE in mail["text"]
    token = mail["text"].split("/organisations/")[1].split("/")[0]
    assert organisation_in(token, now=NOW + timedelta(days=900)) == signed.pk
    again = [confirm_organisation(signed=signed.pk, now=NOW) for _ in range(2)]
    assert [one.state for one in again] == [OrganisationState.WAITING] * 2
    assert names(lilas) == []


def test_a_published_one_has_no_number_and_no_part_in_the_count(
    lilas: Petition, hugo: User
) -> None:
    publish_organisation(signed=confirmed(lilas), title=TITLE, by=hugo, now=NOW)
    assert names(lilas) == ["Amicale du Lavoir"]
    tally = Tally.objects.get(petition=lilas)
    assert (tally.last_number, tally.counted) == (0, 0)
    assert not Signature.objects.exists()
    assert "est dans la liste" in queued_account_mails()[-1]["subject"]


def test_one_that_no_mailbox_confirmed_is_not_published(lilas: Petition, hugo: User) -> None:
    signed = sign(lilas)
    with pytest.raises(NoLongerStanding):
        publish_organisation(signed=signed, title=TITLE, by=hugo, now=NOW)


def test_a_name_is_shown_once(lilas: Petition, hugo: User) -> None:
    publish_organisation(signed=confirmed(lilas), title=TITLE, by=hugo, now=NOW)
    other = confirmed(lilas, name="AMICALE du lavoir")
    with pytest.raises(AlreadyListed):
        publish_organisation(signed=other, title=TITLE, by=hugo, now=NOW)
    assert names(lilas) == ["Amicale du Lavoir"]


def test_refused_then_published_then_refused(lilas: Petition, hugo: User) -> None:
    signed = confirmed(lilas)
    for action, shown in (
        (refuse_organisation, []),
        (publish_organisation, ["Amicale du Lavoir"]),
        (refuse_organisation, []),
    ):
        action(signed=signed, title=TITLE, by=hugo, now=NOW)
        assert names(lilas) == shown
    assert len(queued_account_mails()) == 4


def test_deciding_twice_writes_once(lilas: Petition, hugo: User) -> None:
    signed = confirmed(lilas)
    for _ in range(2):
        publish_organisation(signed=signed, title=TITLE, by=hugo, now=NOW)
    assert len(queued_account_mails()) == 2


def test_withdrawing_forgets_who_wrote(lilas: Petition, hugo: User) -> None:
    signed = publish_organisation(signed=confirmed(lilas), title=TITLE, by=hugo, now=NOW)
    withdraw_organisation(signed=signed.pk, now=NOW)
    signed.refresh_from_db()
    assert names(lilas) == []
    assert (signed.email, signed.contact_name, signed.contact_role) == ("", "", "")
    with pytest.raises(NoLongerStanding):
        confirm_organisation(signed=signed.pk, now=NOW)
    with pytest.raises(NoLongerStanding):
        publish_organisation(signed=signed, title=TITLE, by=hugo, now=NOW)


def test_one_that_was_not_confirmed_leaves_nothing(lilas: Petition) -> None:
    withdraw_organisation(signed=sign(lilas).pk, now=NOW)
    assert not OrganisationSignature.objects.exists()


def test_P63_contacts_are_forgotten_after_the_campaign(lilas: Petition, hugo: User) -> None:
    publish_organisation(signed=confirmed(lilas), title=TITLE, by=hugo, now=NOW)
    sign(lilas, name="Sans réponse")
    forget_organisations(now=NOW + UNANSWERED - timedelta(seconds=1))
    assert OrganisationSignature.objects.count() == 2
    Petition.objects.filter(pk=lilas.pk).update(state="closed", closed_at=NOW)
    for _ in range(2):
        forget_organisations(now=NOW + timedelta(days=190))
    (kept,) = OrganisationSignature.objects.all()
    assert (kept.name, kept.email, kept.contact_name) == ("Amicale du Lavoir", "", "")
    assert names(lilas) == ["Amicale du Lavoir"]
