from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.forgetting import erase as erase_person
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.queries.timeline import cards_of
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.signing.actions.forget_paper import forget_paper_lines, petitions_of
from levier.gathering.signing.actions.tell_recounted import tell_recounted
from levier.gathering.signing.actions.withdraw import withdraw
from levier.gathering.signing.enums import STANDING, SignatureState
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.paper import paper_lines_of

NOBODY = {
    **dict.fromkeys(("first_name", "last_name", "postcode", "country", "source_code"), ""),
    "person": None,
    "contact_point": None,
    "show_name": False,
    "extra": None,
    "network_key": None,
    "salt": None,
}


@transaction.atomic
def erase(*, contact_point: ContactPoint, withdraw_too: bool, now: datetime) -> None:
    """Forget the person behind a mailbox, who asked for it there."""
    forget_signatory(person=contact_point.person, withdraw_too=withdraw_too, by=None, now=now)


@transaction.atomic
def forget_signatory(*, person: Person, withdraw_too: bool, by: User | None, now: datetime) -> None:
    """Forget a person, in their organisation only (P64), because they asked: the team when `by`.

    Their signatures, online and on paper, keep number, day, version and place in the count, and
    lose all that tells whose they are, the salt of the log's commitment included: what the log
    attests can no longer be opened. `withdraw_too` takes them out of the count first (P32); what
    was not counted yet leaves anyway, since nobody could confirm it any more. Words, share links
    and mails on their way are deleted; the address is refused from then on, by its hash alone.
    """
    mine = Signature.objects.filter(person=person)
    leaving = mine.filter(
        state__in=STANDING if withdraw_too else STANDING - {SignatureState.COUNTED}
    )
    on_paper = paper_lines_of(person)
    petitions = {*leaving.values_list("petition_id", flat=True), *petitions_of(on_paper)}
    list(Tally.objects.select_for_update().filter(pk__in=petitions).order_by("pk"))
    for pk in list(leaving.values_list("pk", flat=True)):
        withdraw(signature_id=pk, now=now)
    forget_paper_lines(on_paper, withdraw_too=withdraw_too, now=now)
    if by is not None:
        body = {"act": "people.erase", "person": person.pk, "withdraw_too": withdraw_too}
        append_audit(scope=person.organisation_id, body=body, by=by.pk, now=now)
    cards = cards_of(person)
    Delivery.objects.filter(person__in=cards).delete()
    Comment.objects.filter(person__in=cards).delete()
    ReferralCode.objects.filter(signature__person=person).delete()
    ids = list(mine.values_list("pk", flat=True))
    tell_recounted(organisation_id=person.organisation_id, signature_ids=ids, now=now)
    mine.update(**NOBODY, anonymised_at=now)
    erase_person(person=person, now=now)
