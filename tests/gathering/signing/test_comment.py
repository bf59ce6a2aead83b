from datetime import datetime

import pytest

from levier.foundation.campaigns.enums import CommentPolicy
from levier.foundation.campaigns.models import Campaign
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.delete_comment import delete_comment
from levier.gathering.signing.actions.write_comment import write_comment
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.errors import NoLongerStanding
from levier.gathering.signing.models.signature import Signature
from tests.cast import make_signature

WORDS = "Pour les enfants."


def publish_at_once(petition: Petition) -> None:
    Campaign.objects.filter(pk=petition.campaign_id).update(comment_policy=CommentPolicy.AFTER)


@pytest.fixture
def signature(lilas: Petition) -> Signature:
    return make_signature(lilas, show_name=True)


def test_P52_words_wait_to_be_read(signature: Signature, now: datetime) -> None:
    comment = write_comment(signature_id=signature.pk, text=WORDS, now=now)
    assert (comment.text, comment.state) == (WORDS, CommentState.WAITING)
    assert (comment.shown_name, comment.created_at) == ("Camille R.", now)


def test_P52_words_are_seen_at_once_where_the_campaign_wants(
    signature: Signature, lilas: Petition, now: datetime
) -> None:
    publish_at_once(lilas)
    comment = write_comment(signature_id=signature.pk, text=WORDS, now=now)
    assert comment.state == CommentState.PUBLISHED


def test_P52_what_is_not_counted_is_not_seen_at_once(lilas: Petition, now: datetime) -> None:
    publish_at_once(lilas)
    held = make_signature(lilas, state=SignatureState.HELD)
    comment = write_comment(signature_id=held.pk, text=WORDS, now=now)
    assert comment.state == CommentState.WAITING


def test_P51_one_per_person_and_petition(signature: Signature, now: datetime) -> None:
    write_comment(signature_id=signature.pk, text=WORDS, now=now)
    write_comment(signature_id=signature.pk, text="Pour toutes les roues.", now=now)
    assert Comment.objects.get().text == "Pour toutes les roues."


def test_P53_what_the_words_may_serve_for_is_their_author_s_tick(
    signature: Signature, now: datetime
) -> None:
    comment = write_comment(signature_id=signature.pk, text=WORDS, for_press=True, now=now)
    assert (comment.for_press, comment.for_dossier) == (True, False)
    Comment.objects.update(state=CommentState.PUBLISHED, featured_at=now)
    changed = write_comment(signature_id=signature.pk, text=WORDS, for_dossier=True, now=now)
    assert (changed.for_press, changed.for_dossier) == (False, True)
    assert (changed.state, changed.featured_at) == (CommentState.PUBLISHED, now)  # same words


def test_P53_new_words_lose_the_place_of_the_old_ones(signature: Signature, now: datetime) -> None:
    write_comment(signature_id=signature.pk, text=WORDS, now=now)
    Comment.objects.update(state=CommentState.PUBLISHED, featured_at=now, for_press=True)
    new = write_comment(signature_id=signature.pk, text="Tout autre chose.", now=now)
    assert (new.state, new.featured_at) == (CommentState.WAITING, None)
    assert (new.for_press, new.for_dossier) == (False, False)


def test_P52_a_listed_word_keeps_words_from_being_seen_at_once(
    signature: Signature, lilas: Petition, now: datetime
) -> None:
    publish_at_once(lilas)
    Campaign.objects.filter(pk=lilas.campaign_id).update(comment_words="vendu\npourri")
    comment = write_comment(signature_id=signature.pk, text="Tous des Vendus, ici.", now=now)
    assert comment.state == CommentState.WAITING
    Petition.objects.filter(pk=lilas.pk).update(comment_words="navet")
    comment = write_comment(signature_id=signature.pk, text="Tous des vendus, là.", now=now)
    assert comment.state == CommentState.PUBLISHED  # the petition's own list


def test_P52_hidden_words_are_read_again(
    signature: Signature, lilas: Petition, now: datetime
) -> None:
    publish_at_once(lilas)
    write_comment(signature_id=signature.pk, text=WORDS, now=now)
    Comment.objects.update(state=CommentState.HIDDEN)
    new = write_comment(signature_id=signature.pk, text="Des mots polis.", now=now)
    assert new.state == CommentState.WAITING


def test_P32_no_words_without_a_signature(lilas: Petition, now: datetime) -> None:
    gone = make_signature(lilas, state=SignatureState.WITHDRAWN)
    with pytest.raises(NoLongerStanding):
        write_comment(signature_id=gone.pk, text=WORDS, now=now)
    assert not Comment.objects.exists()


def test_P51_taken_back_by_its_author_only(
    signature: Signature, lilas: Petition, now: datetime
) -> None:
    other = make_signature(lilas)
    for one in (signature, other):
        write_comment(signature_id=one.pk, text=WORDS, now=now)
    delete_comment(signature=signature)
    delete_comment(signature=signature)
    assert Comment.objects.get().person == other.person
