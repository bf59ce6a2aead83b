"""Somebody sits at the desk, and people are found there."""

from collections.abc import Callable, Sequence

import pytest

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.people.actions.indexing import index_people
from levier.foundation.people.models.person import Person
from levier.gathering.signing.queries.marks import SIGNATURE_MARKS
from tests.cast import make_user
from tests.faces.desk.conftest import SeatedAt, seat

__all__ = ["Index", "SeatedAt", "seat"]
Index = Callable[[], None]


@pytest.fixture
def index() -> Index:
    """What the worker does behind the gestures."""

    def indexed() -> None:
        everyone: Sequence[int] = list(Person.objects.values_list("pk", flat=True))
        index_people(person_ids=everyone, sources=[SIGNATURE_MARKS])

    return indexed


@pytest.fixture
def moderator(valmont: Organisation) -> User:
    """Sees names and takes none out."""
    return make_user("moussa@valmont.example", "Moussa Keïta", valmont, Role.MODERATOR)
