"""Who stands for all those who signed, where a victory is told (P62)."""

from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.queries import published_comments


def one_of_many(petition: Petition) -> Comment | None:
    """Words whose author agreed to their name being read beside them: featured, or the latest.

    The agreement is for the words (P54): the name is taken from nowhere else.
    """
    return published_comments(petition).exclude(shown_name="").first()


def first_name_of(comment: Comment) -> str:
    """« Paul T. » → « Paul »."""
    name, _, initial = comment.shown_name.rpartition(" ")
    return name if name and initial.endswith(".") else comment.shown_name
