from datetime import timedelta

from levier.foundation.campaigns.enums import CommentPolicy
from levier.foundation.campaigns.models import Campaign
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.actions.flags import flag_comment
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment, CommentReport
from levier.gathering.petitions.models.petition import Petition
from tests.cast import NOW, make_signature


def signatory(petition: Petition) -> Person:
    person = make_signature(petition).person
    assert person is not None
    return person


def write(petition: Petition, **fields: object) -> Comment:
    values = {"state": CommentState.PUBLISHED, "created_at": NOW, **fields}
    person = signatory(petition)
    return Comment.objects.create(petition=petition, person=person, text="Un mot écrit", **values)


def report(comment: Comment, *networks: str) -> list[bool]:
    later = NOW + timedelta(hours=1)
    return [flag_comment(comment=comment.pk, network=network, now=later) for network in networks]


def test_P52_seen_at_once_hidden_at_the_third_distinct_report(lilas: Petition) -> None:
    Campaign.objects.update(comment_policy=CommentPolicy.AFTER)
    comment = write(lilas, featured_at=NOW)
    assert report(comment, "a", "b", "b", "a", "c", "d") == [
        False,
        False,
        False,
        False,
        True,
        False,
    ]
    comment.refresh_from_db()
    assert (comment.state, comment.featured_at) == (CommentState.HIDDEN, None)
    assert CommentReport.objects.count() == 3


def test_P52_where_the_team_reads_first_reports_wait_for_it(lilas: Petition) -> None:
    comment = write(lilas)
    assert report(comment, "a", "b", "c", "d") == [False] * 4
    comment.refresh_from_db()
    assert comment.state == CommentState.PUBLISHED
    assert CommentReport.objects.count() == 4


def test_what_the_team_read_again_takes_three_new_reports(lilas: Petition) -> None:
    Campaign.objects.update(comment_policy=CommentPolicy.AFTER)
    comment = write(lilas)
    report(comment, "a", "b", "c")
    Comment.objects.filter(pk=comment.pk).update(
        state=CommentState.PUBLISHED, moderated_at=NOW + timedelta(hours=2)
    )
    assert report(comment, "a", "b", "c", "d") == [False] * 4
    evening = NOW + timedelta(hours=9)
    told = [flag_comment(comment=comment.pk, network=n, now=evening) for n in ("e", "f", "g")]
    assert told == [False, False, True]


def test_a_reporter_is_not_followed_from_one_comment_to_the_next(lilas: Petition) -> None:
    first, second = write(lilas), write(lilas)
    report(first, "203.0.113.7")
    report(second, "203.0.113.7")
    keys = [bytes(report.reporter_key) for report in CommentReport.objects.all()]
    assert len(set(keys)) == 2
