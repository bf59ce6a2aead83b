"""Leaving a mailing: one purpose, the news of one petition, or everything."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from levier.foundation.messaging.models.message import Message
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.consents import withdraw_consent
from levier.foundation.people.actions.stopping import stop_everything
from levier.foundation.people.enums import ActivityKind, Channel, Purpose
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import Person
from levier.foundation.people.queries.timeline import cards_of

SOURCE = "desabonnement"


@transaction.atomic
def unsubscribe(
    *, person: int, purpose: str, scope: str = "", message: int | None = None, now: datetime
) -> bool:
    """End the agreement by e-mail to one purpose, or to the news of one petition when `scope`
    names it; others stay (J29, U35). Links from before petitions were told apart name none: they
    end the news of all. `message`, which the link came with, counts whoever left by it (U57).

    Twice is the same as once, and an erased or unknown person is already out of every list:
    returns whether anything changed.
    """
    found = _living(person)
    if found is None:
        return False
    ending = _ending(found, purpose, scope)
    for left in ending:
        withdraw_consent(
            person=found,
            channel=Channel.EMAIL,
            purpose=purpose,
            scope=left,
            wording=_("Ne plus recevoir « {what} » par courriel").format(
                what=Purpose(purpose).label
            ),
            source=SOURCE,
            now=now,
        )
    if ending:
        _tell(found, {"purpose": purpose, **({"scope": scope} if scope else {})}, message, now)
    return bool(ending)


@transaction.atomic
def unsubscribe_from_everything(
    *, person: int, message: int | None = None, now: datetime
) -> Person | None:
    """« De tout », by the same link (U35): what `people.actions.stopping` says, counted for the
    message. Returns whom it was done for; None for whoever is already out of every list."""
    found = _living(person)
    if found is not None and stop_everything(person=found, source=SOURCE, now=now):
        _tell(found, {"everything": True}, message, now)
    return found


def _living(person: int) -> Person | None:
    """Who a link is for, locked: the card that theirs was merged into, if it was, since a link
    sent before stops what is sent since."""
    mine = Person.objects.filter(Q(pk=person) | Q(pk__in=_merged_into(person)))
    locking = mine.select_for_update(no_key=True)
    return locking.filter(erased_at=None, merged_into=None).first()


def _merged_into(person: int) -> QuerySet[Person, int | None]:
    return Person.objects.filter(pk=person).values_list("merged_into", flat=True)


def _ending(person: Person, purpose: str, scope: str) -> list[str]:
    """The scopes that a link ends: its own, unless it was ended before, or all those in force."""
    said = ConsentState.objects.filter(person=person, channel=Channel.EMAIL, purpose=purpose)
    if purpose == Purpose.PETITION_NEWS and not scope:
        given = said.filter(given=True).order_by("scope")
        return list(given.values_list("scope", flat=True))
    return [] if said.filter(scope=scope, given=False).exists() else [scope]


def _tell(person: Person, what: dict[str, object], message: int | None, now: datetime) -> None:
    """One line of the timeline; and one more who left by the message, once for each person."""
    left = Activity.objects.filter(person__in=cards_of(person), kind=ActivityKind.UNSUBSCRIBED)
    if message is not None and not left.filter(data__message=message).exists():
        by_it = Message.objects.filter(pk=message, organisation=person.organisation_id)
        by_it.update(unsubscribed=F("unsubscribed") + 1)
    record_activity(
        organisation_id=person.organisation_id,
        person_id=person.pk,
        kind=ActivityKind.UNSUBSCRIBED,
        subject=f"person:{person.pk}",
        at=now,
        data={
            "channel": Channel.EMAIL,
            **what,
            **({"message": message} if message is not None else {}),
        },
    )
