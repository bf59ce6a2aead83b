"""U15: somebody else reads a text before it leaves, where that is wanted."""

from datetime import timedelta

import pytest

from levier.foundation.accounts.errors import Hidden, NotAllowed
from levier.foundation.accounts.models import User
from levier.foundation.campaigns.models import Campaign
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.actions.approve import approve
from levier.gathering.updates.actions.publish import publish
from levier.gathering.updates.actions.save_draft import save_draft
from levier.gathering.updates.actions.send_back import send_back
from levier.gathering.updates.actions.submit_for_review import submit_for_review
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.errors import (
    ChangedMeanwhile,
    NotApproved,
    NotWhole,
    NotYourOwnReview,
    WrongState,
)
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.gates import (
    update_for_approving,
    update_for_editing,
    update_for_naming,
    update_for_reading,
    update_for_steering,
    updates_for_reading,
    updates_for_writing,
)
from levier.gathering.updates.rules.review import review_is_wanted
from tests.account_mails import queued_account_mails
from tests.cast import NOW, make_campaign, make_petition
from tests.drafts import TESTIFY, WORDS, make_draft

pytestmark = pytest.mark.django_db
SLUG = "piste-cyclable-rue-des-lilas"


def fresh(update: Update) -> Update:
    return Update.objects.select_related("petition__campaign__organisation").get(pk=update.pk)


@pytest.fixture
def theirs(lilas: Petition, stranger: User) -> Petition:
    """The same petition, launched by somebody who does not work there."""
    Petition.objects.filter(pk=lilas.pk).update(author=stranger, is_supporters=True)
    return Petition.objects.select_related("campaign__organisation", "author").get(pk=lilas.pk)


def test_U15_off_for_the_team_by_default(lilas: Petition, hugo: User) -> None:
    assert not review_is_wanted(make_draft(lilas, hugo))
    publish(update=make_draft(lilas, hugo), by=hugo, now=NOW)


def test_U15_on_for_what_a_supporter_writes(theirs: Petition, hugo: User, stranger: User) -> None:
    update = make_draft(theirs, stranger)
    assert review_is_wanted(update)
    with pytest.raises(NotApproved):
        publish(update=update, by=stranger, now=NOW)
    assert not review_is_wanted(make_draft(theirs, hugo))


def test_U15_a_choice_that_campaigns_and_petitions_inherit(lilas: Petition, hugo: User) -> None:
    Campaign.objects.update(reviews_updates=True)
    update = make_draft(lilas, hugo)
    assert review_is_wanted(fresh(update))
    Petition.objects.update(reviews_updates=False)
    assert not review_is_wanted(fresh(update))


def test_U15_read_approved_then_published_by_its_author(
    theirs: Petition, hugo: User, aicha: User, stranger: User
) -> None:
    update = make_draft(theirs, stranger)
    submit_for_review(update=update, by=stranger, now=NOW)
    assert fresh(update).state == UpdateState.IN_REVIEW
    asked = queued_account_mails()
    assert [mail["to"] for mail in asked] == [aicha.email, hugo.email]
    assert "Racontez-nous la rue des Lilas" in asked[0]["subject"]
    approve(update=update, edition=1, by=hugo, now=NOW)
    assert queued_account_mails()[-1]["to"] == stranger.email
    update = publish(update=update, by=stranger, now=NOW)
    assert (update.state, update.approved_by) == (UpdateState.SENDING, hugo)


def test_U15_sent_back_the_author_reads_why_and_the_text_is_kept(
    theirs: Petition, hugo: User, stranger: User
) -> None:
    update = make_draft(theirs, stranger)
    submit_for_review(update=update, by=stranger, now=NOW)
    send_back(update=update, reason="Une adresse privée y est.", by=hugo, now=NOW)
    kept = fresh(update)
    assert (kept.state, kept.sent_back_because) == ("draft", "Une adresse privée y est.")
    assert (kept.title, kept.body) == (update.title, update.body)
    mail = queued_account_mails()[-1]
    assert mail["to"] == stranger.email
    assert "Une adresse privée y est." in mail["text"]
    submit_for_review(update=update, by=stranger, now=NOW)
    assert fresh(update).sent_back_because == ""


def test_U15_nobody_approves_what_they_wrote(lilas: Petition, hugo: User, aicha: User) -> None:
    Campaign.objects.update(reviews_updates=True)
    update = make_draft(lilas, hugo)
    submit_for_review(update=update, by=hugo, now=NOW)
    assert [mail["to"] for mail in queued_account_mails()] == [aicha.email]
    with pytest.raises(NotYourOwnReview):
        approve(update=update, edition=1, by=hugo, now=NOW)
    with pytest.raises(NotAllowed):
        update_for_approving(hugo, SLUG, update.pk)
    assert update_for_approving(aicha, SLUG, update.pk).can_approve


def test_U15_a_change_takes_the_approval_back(lilas: Petition, hugo: User, aicha: User) -> None:
    Campaign.objects.update(reviews_updates=True)
    update = make_draft(lilas, hugo)
    submit_for_review(update=update, by=hugo, now=NOW)
    save_draft(update=update, words=WORDS, ask=TESTIFY, edition=1, by=hugo, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        approve(update=update, edition=1, by=aicha, now=NOW)
    approve(update=update, edition=2, by=aicha, now=NOW)
    save_draft(update=update, words=WORDS, ask=TESTIFY, edition=2, by=hugo, now=NOW)
    with pytest.raises(NotApproved):
        publish(update=update, by=hugo, now=NOW)
    with pytest.raises(WrongState):
        submit_for_review(update=update, by=hugo, now=NOW)
    with pytest.raises(NotWhole):
        submit_for_review(update=make_draft(lilas, title=""), by=hugo, now=NOW)


def test_gates_strangers_meet_nothing(
    lilas: Petition, hugo: User, claire: User, stranger: User
) -> None:
    update = make_draft(lilas)
    other = make_petition(make_campaign(lilas.campaign.organisation), lilas.author, "autre")
    elsewhere = make_draft(other)
    for gate in (
        *(update_for_reading, update_for_editing, update_for_approving),
        *(update_for_steering, update_for_naming),
    ):
        for user in (claire, stranger):
            with pytest.raises(Hidden):
                gate(user, SLUG, update.pk)
        with pytest.raises(Hidden):
            gate(hugo, SLUG, elsewhere.pk)
    for gate_of_all in (updates_for_reading, updates_for_writing):
        with pytest.raises(Hidden):
            gate_of_all(claire, SLUG)


def test_gates_who_may_look_may_not_write(lilas: Petition, olga: User, mariam: User) -> None:
    update = make_draft(lilas)
    assert not update_for_reading(olga, SLUG, update.pk).can_publish
    for gate in (update_for_editing, update_for_steering, update_for_naming):
        with pytest.raises(NotAllowed):
            gate(olga, SLUG, update.pk)
        with pytest.raises(Hidden):
            gate(mariam, SLUG, update.pk)


def test_gates_the_author_of_a_supporters_petition_writes_and_asks(
    theirs: Petition, stranger: User
) -> None:
    update = make_draft(theirs, stranger)
    desk = update_for_editing(stranger, SLUG, update.pk)
    assert (desk.can_write, desk.can_publish, desk.can_approve, desk.can_steer) == (
        *(True, False, False, False),
    )
    with pytest.raises(Hidden):
        update_for_naming(stranger, SLUG, update.pk)
    Update.objects.filter(pk=update.pk).update(approved_by=theirs.author)
    assert update_for_editing(stranger, SLUG, update.pk).can_publish
    later = NOW + timedelta(hours=1)
    assert publish(update=update, release_at=later, by=stranger, now=NOW).release_at == later
