from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from levier.foundation.people.actions.consents import give_consent, withdraw_consent
from levier.foundation.people.actions.stopping import Key, come_back
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import Person
from levier.foundation.people.rules import stopped_channels


@transaction.atomic
def set_preferences(
    *,
    person: Person,
    offered: Mapping[Key, str],
    chosen: Collection[Key],
    source: str,
    now: datetime,
) -> bool:
    """What a person wants of what they were offered, said from their own mailbox: `offered` gives
    the words that were read for each. What is not offered stays as it is; what was so already is
    not said again. In force at the next claim, which reads it (J30). Returns whether anything
    changed.

    Wanting something again after « tout arrêter » ends it, on that channel, for that alone (J3).
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    given = {
        (state.channel, state.purpose, state.scope)
        for state in ConsentState.objects.filter(person=person, given=True)
    }
    stopped = stopped_channels(person)
    wanted = {key for key in offered if key in chosen}
    begun = {key for key in wanted if key not in given or key[0] in stopped}
    ended = (offered.keys() - wanted) & given
    for key in sorted(begun | ended):
        say = give_consent if key in begun else withdraw_consent
        channel, purpose, scope = key
        say(
            person=person,
            channel=channel,
            purpose=purpose,
            scope=scope,
            wording=offered[key],
            source=source,
            now=now,
        )
    for channel in sorted({key[0] for key in begun} & stopped.keys()):
        come_back(person=person, channel=channel, to=wanted, source=source, now=now)
    return bool(begun or ended)
