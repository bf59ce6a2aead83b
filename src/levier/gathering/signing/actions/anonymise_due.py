from datetime import datetime

from django.db import connection, transaction

from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.forgetting import forget_people
from levier.foundation.people.actions.indexing import index_people
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.signing.actions.forget_paper import anonymise_paper_due
from levier.gathering.signing.actions.journal import journal
from levier.gathering.signing.models.paper import PaperLine
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.journals import AREA
from levier.gathering.signing.queries.marks import SIGNATURE_MARKS

AT_ONCE = 5_000
# A postcode becomes the code of its area (« 35 », « QC », « VD »), which stands for itself from
# then on; where there is no table, nothing.
_LOSE = """
WITH due AS (
    SELECT signature.id, signature.person_id, signature.petition_id
    FROM levier_petition AS petition
    JOIN levier_campaign AS campaign ON campaign.id = petition.campaign_id
    JOIN levier_signature AS signature ON signature.petition_id = petition.id
    WHERE coalesce(petition.closed_at, petition.closes_at)
          + coalesce(petition.retention_months, campaign.retention_months) * interval '1 month'
          <= %(now)s
      AND signature.anonymised_at IS NULL
    LIMIT %(at_most)s
    FOR NO KEY UPDATE OF signature SKIP LOCKED
)
UPDATE levier_signature AS signature
SET first_name = '', last_name = '', show_name = false, source_code = '', extra = NULL,
    network_key = NULL, salt = NULL, person_id = NULL, contact_point_id = NULL,
    anonymised_at = %(now)s,
    postcode = coalesce(split_part(place.area, '-', 2), '')
FROM due JOIN levier_signature AS signed ON signed.id = due.id {area}
WHERE due.id = signature.id
RETURNING due.person_id, due.petition_id, due.id
""".replace("{area}", AREA)


@transaction.atomic
def anonymise_due(*, now: datetime, at_most: int = AT_ONCE) -> int:
    """Signatures of petitions closed long enough ago lose name, address and network key (P63);
    paper lines lose the same.

    Number, day, département, version and count stay; so do published words, without a name.
    People who agreed to something stay people; of the others nothing is left. Returns how many
    signatures were done: call again until none is. Safe to run twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOSE, {"now": now, "at_most": at_most})
        rows = cursor.fetchall()
    lines, on_paper = anonymise_paper_due(now=now, at_most=at_most)
    people = {person for person, _, _ in rows if person is not None} | on_paper
    words = Comment.objects.filter(person__in=people, petition__in={place for _, place, _ in rows})
    words.filter(state=CommentState.PUBLISHED).update(shown_name="")
    words.exclude(state=CommentState.PUBLISHED).delete()
    _forget(people, now)
    journal(signature_ids=[pk for _, _, pk in rows])
    return len(rows) + lines


def _forget(people: set[int], now: datetime) -> None:
    agreed = ConsentState.objects.filter(person__in=people, given=True).values("person")
    signing = Signature.objects.filter(person__in=people).values("person")
    on_paper = PaperLine.objects.filter(person__in=people).values("person")
    alone = Person.objects.filter(pk__in=people, erased_at=None)
    alone = alone.exclude(pk__in=agreed).exclude(pk__in=signing).exclude(pk__in=on_paper)
    ids = list(alone.values_list("pk", flat=True))
    Delivery.objects.filter(person__in=ids).delete()
    forget_people(person_ids=ids, now=now)
    # Those who stay have signed nothing any more, as far as anybody can search.
    index_people(person_ids=sorted(people - set(ids)), sources=[SIGNATURE_MARKS])
