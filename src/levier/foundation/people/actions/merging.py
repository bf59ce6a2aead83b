"""Two cards that are one person's become one, and can be parted again, exactly."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import User
from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.actions.consents import withdraw_consent
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.errors import NotMergeable, NotPartable
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.merge import Merge
from levier.foundation.people.models.note import Note
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.tag import PersonTag

FILLED = ("honorific", "first_name", "last_name", "postcode", "country", "language", "time_zone")
_MOVED: Mapping[str, Any] = {"points": ContactPoint, "tags": PersonTag, "notes": Note}
Key = tuple[str, str, str]  # channel, purpose, scope


@transaction.atomic
def merge_cards(*, kept: Person, merged: Person, by: User, now: datetime) -> Merge:
    """All that is known of `merged` becomes `kept`'s: addresses, tags, notes, and what fills a
    blank. Of two words on one agreement the stricter holds. What happened stays written under the
    card it happened to, and is read with the other (`queries.timeline.cards_of`).

    The caller holds the tallies and the log's head, and moves what stands above. Raises
    NotMergeable when one of them was merged or erased meanwhile.
    """
    kept, merged = _both(kept, merged)
    merge = Merge.objects.create(
        organisation_id=kept.organisation_id, kept=kept, merged=merged, snapshot={}, by=by, at=now
    )
    snapshot: dict[str, Any] = {
        "filled": _fill(kept, merged),
        "cards": _ids(Person.objects.filter(merged_into=merged)),
        "points": _ids(ContactPoint.objects.filter(person=merged)),
        "tags": _ids(_tags_to_move(kept, merged)),
        "notes": _ids(Note.objects.filter(person=merged)),
        "agreements": _stricter(merge, kept, merged, now),
    }
    _move(snapshot, kept)
    Person.objects.filter(pk__in=[merged.pk, *snapshot["cards"]]).update(merged_into=kept)
    merge.snapshot = snapshot
    merge.save(update_fields=["snapshot"])
    _tell(merge, ActivityKind.MERGED, [kept.pk], by, now)
    return merge


@transaction.atomic
def part_cards(*, merge: Merge, by: User, now: datetime) -> Merge:
    """Put everything back where it was. What happened since stays with the card that was kept;
    an agreement withdrawn since is withdrawn on both. Raises NotPartable when it was done, or
    when the card that was kept has itself been merged since: that one is undone first.
    """
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    people = Person.objects.select_for_update(no_key=True).order_by("pk")
    found = {one.pk: one for one in people.filter(pk__in=[merge.kept_id, merge.merged_id])}
    kept, merged = found[merge.kept_id], found[merge.merged_id]
    if merge.undone_at or merged.merged_into_id != kept.pk or kept.merged_into_id:
        raise NotPartable
    snapshot = merge.snapshot
    for name, value in snapshot["filled"].items():
        Person.objects.filter(pk=kept.pk, **{name: value}).update(**{name: ""})
    for name, model in _MOVED.items():
        model.objects.filter(pk__in=snapshot[name], person=kept).update(person=merged)
    Person.objects.filter(pk=merged.pk).update(merged_into=None)
    Person.objects.filter(pk__in=snapshot["cards"], merged_into=kept).update(merged_into=merged)
    _part_agreements(snapshot["agreements"], kept, merged, now)
    merge.undone_at, merge.undone_by = now, by
    merge.save(update_fields=["undone_at", "undone_by"])
    _tell(merge, ActivityKind.PARTED, [kept.pk, merged.pk], by, now)
    return merge


def _both(kept: Person, merged: Person) -> tuple[Person, Person]:
    people = Person.objects.select_for_update(no_key=True).order_by("pk")
    living = people.filter(pk__in=[kept.pk, merged.pk], merged_into=None, erased_at=None)
    found = {one.pk: one for one in living}
    if len(found) != 2 or len({one.organisation_id for one in found.values()}) != 1:
        raise NotMergeable
    return found[kept.pk], found[merged.pk]


def _fill(kept: Person, merged: Person) -> dict[str, str]:
    filled = {
        name: getattr(merged, name)
        for name in FILLED
        if not getattr(kept, name) and getattr(merged, name)
    }
    Person.objects.filter(pk=kept.pk).update(**filled) if filled else None
    return filled


def _tags_to_move(kept: Person, merged: Person) -> Any:
    had = PersonTag.objects.filter(person=kept).values("tag")
    return PersonTag.objects.filter(person=merged).exclude(tag__in=had)


def _move(snapshot: Mapping[str, Any], kept: Person) -> None:
    for name, model in _MOVED.items():
        model.objects.filter(pk__in=snapshot[name]).update(person=kept)


def _stricter(merge: Merge, kept: Person, merged: Person, now: datetime) -> list[dict[str, Any]]:
    """Bring the kept card's agreements to the stricter of both. Returns, for each that moved,
    what it was and what was written."""
    had, other = _states(kept), _states(merged)
    moved = []
    for key, theirs in sorted(other.items()):
        mine = had.get(key)
        if mine is None:
            written = _copied(kept, theirs)
        elif mine.given and not theirs.given:
            written = withdraw_consent(
                person=kept,
                channel=key[0],
                purpose=key[1],
                scope=key[2],
                wording=_("Fusion de deux fiches\u00a0: l’accord était retiré sur l’autre"),
                source=f"merge:{merge.pk}",
                now=now,
            )
        else:
            continue
        before = None if mine is None else [mine.given, mine.at.isoformat()]
        moved.append({"key": list(key), "before": before, "written": written.pk})
    return moved


def _copied(kept: Person, theirs: ConsentState) -> Consent:
    """The statement that decides, in its own words and with its own date: it proves as much."""
    said = (
        Consent.objects.filter(
            person=theirs.person_id,
            channel=theirs.channel,
            purpose=theirs.purpose,
            scope=theirs.scope,
        )
        .order_by("-at", "-pk")
        .first()
    )
    copy = Consent(person=kept, channel=theirs.channel, purpose=theirs.purpose, scope=theirs.scope)
    copy.given, copy.at = theirs.given, theirs.at
    copy.wording, copy.source = (said.wording, said.source) if said else ("", "")
    copy.save(force_insert=True)
    ConsentState.objects.create(
        person=kept,
        channel=theirs.channel,
        purpose=theirs.purpose,
        scope=theirs.scope,
        given=theirs.given,
        at=theirs.at,
    )
    return copy


def _part_agreements(
    moved: list[dict[str, Any]], kept: Person, merged: Person, now: datetime
) -> None:
    states, written = _states(kept), Consent.objects.in_bulk([one["written"] for one in moved])
    for one in moved:
        key, said = _key(*one["key"]), written.get(one["written"])
        state = states.get(key)
        if said is None or state is None or (state.given, state.at) != (said.given, said.at):
            continue  # said again since: that word stays
        said.delete()
        if one["before"] is None:
            state.delete()
        else:
            state.given, state.at = one["before"][0], datetime.fromisoformat(one["before"][1])
            state.save(update_fields=["given", "at"])
    _withdrawn_since(kept, merged, now)


def _withdrawn_since(kept: Person, merged: Person, now: datetime) -> None:
    """Whoever withdrew while the cards were one withdrew for both."""
    since = Merge.objects.filter(kept=kept, merged=merged).latest("at").at
    theirs = _states(merged)
    for key, mine in _states(kept).items():
        other = theirs.get(key)
        if not mine.given and mine.at > since and other is not None and other.given:
            withdraw_consent(
                person=merged,
                channel=key[0],
                purpose=key[1],
                scope=key[2],
                wording=_("Retiré pendant que deux fiches n’en faisaient qu’une"),
                source=f"person:{kept.pk}",
                now=now,
            )


def _states(person: Person) -> dict[Key, ConsentState]:
    rows = ConsentState.objects.select_for_update().filter(person=person)
    in_order = rows.order_by("channel", "purpose", "scope")
    return {_key(row.channel, row.purpose, row.scope): row for row in in_order}


def _key(channel: str, purpose: str, scope: str) -> Key:
    return channel, purpose, scope


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _tell(merge: Merge, kind: ActivityKind, people: list[int], by: User, now: datetime) -> None:
    told = {"by": by.pk, "kept": merge.kept_id, "merged": merge.merged_id}
    record_activities(
        organisation_id=merge.organisation_id,
        kind=kind,
        at=now,
        rows=[(person, f"merge:{merge.pk}", told) for person in people],
    )
