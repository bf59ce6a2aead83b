"""Tags put on people and taken off, on one or on as many as were chosen."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.common.folding import words
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.actions.indexing import index_people
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.errors import BadTag, TagTaken
from levier.foundation.people.models.tag import TAG_LENGTH, PersonTag, Tag

_PUT = """
INSERT INTO levier_persontag (person_id, tag_id, by_id, at)
SELECT person.id, %(tag)s, %(by)s, %(now)s FROM levier_person AS person
WHERE person.id = ANY(%(ids)s) AND person.organisation_id = %(organisation)s
    AND person.merged_into_id IS NULL AND person.erased_at IS NULL
ORDER BY person.id
ON CONFLICT (person_id, tag_id) DO NOTHING
RETURNING person_id
"""
_TAKE = """
DELETE FROM levier_persontag WHERE tag_id = %(tag)s AND person_id = ANY(%(ids)s)
RETURNING person_id
"""


@transaction.atomic
def find_or_make_tag(*, organisation: Organisation, name: str, now: datetime) -> Tag:
    """The organisation's tag of that name, whatever its case and accents. Raises BadTag."""
    name = " ".join(name.split())
    folded = _folded(name)
    tag, _ = Tag.objects.get_or_create(
        organisation=organisation, folded=folded, defaults={"name": name, "created_at": now}
    )
    return tag


@transaction.atomic
def tag_people(*, tag: Tag, person_ids: Sequence[int], by: User | None, now: datetime) -> list[int]:
    """Put a tag on these people of its organisation. Returns who did not have it; in one
    statement, whatever their number, and twice is once."""
    return _change(_PUT, ActivityKind.TAGGED, tag, person_ids, by, now)


@transaction.atomic
def untag_people(*, tag: Tag, person_ids: Sequence[int], by: User, now: datetime) -> list[int]:
    """Take a tag off these people. Returns who had it."""
    return _change(_TAKE, ActivityKind.UNTAGGED, tag, person_ids, by, now)


@transaction.atomic
def rename_tag(*, tag: Tag, name: str, by: User, now: datetime) -> Tag:
    """Raises BadTag, or TagTaken when another tag has that name."""
    name = " ".join(name.split())
    folded = _folded(name)
    others = Tag.objects.filter(organisation=tag.organisation_id, folded=folded)
    if others.exclude(pk=tag.pk).exists():
        raise TagTaken
    tag.name, tag.folded = name, folded
    tag.save(update_fields=["name", "folded"])
    _audit(tag, "people.rename_tag", by, now)
    return tag


@transaction.atomic
def delete_tag(*, tag: Tag, by: User, now: datetime) -> int:
    """Take it off everyone, and forget it. Returns how many people had it."""
    people = list(PersonTag.objects.filter(tag=tag).values_list("person_id", flat=True))
    _audit(tag, "people.delete_tag", by, now, people=len(people))
    tag.delete()
    index_people(person_ids=people)
    return len(people)


def _change(
    statement: str,
    kind: ActivityKind,
    tag: Tag,
    person_ids: Sequence[int],
    by: User | None,
    now: datetime,
) -> list[int]:
    values = {
        "tag": tag.pk,
        "by": by.pk if by else None,
        "now": now,
        "ids": sorted(set(person_ids)),
        "organisation": tag.organisation_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        moved = sorted(row[0] for row in cursor.fetchall())
    if moved:
        told = {"tag": tag.name, "by": values["by"]}
        record_activities(
            organisation_id=tag.organisation_id,
            kind=kind,
            at=now,
            rows=[(person, f"tag:{tag.pk}", told) for person in moved],
        )
        index_people(person_ids=moved)
    return moved


def _folded(name: str) -> str:
    folded = " ".join(words(name))
    if not folded or len(name) > TAG_LENGTH:
        raise BadTag
    return folded[: 2 * TAG_LENGTH]


def _audit(tag: Tag, act: str, by: User, now: datetime, **figures: int) -> None:
    body = {"act": act, "tag": tag.pk, **figures}
    append_audit(scope=tag.organisation_id, body=body, by=by.pk, now=now)
