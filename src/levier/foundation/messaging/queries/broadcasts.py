"""What was said to many, for the desk."""

from django.db.models import F, QuerySet, Sum

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.enums import DeliveryState, Lane
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.tally import MessageTally


def broadcasts_of(organisation: Organisation) -> QuerySet[Message]:
    """Every message that is not an answer to a gesture, the latest first."""
    return (
        Message.objects.filter(organisation=organisation)
        .exclude(lane=Lane.TRANSACTIONAL)
        .select_related("template")
        .order_by("-created_at", "-pk")
    )


def waiting_by_lane(organisation: Organisation) -> dict[str, int]:
    """How many mails of an organisation wait, in each lane. Read from counters, but for answers to
    gestures, of which few ever wait."""
    ours = MessageTally.objects.filter(
        message__organisation=organisation,
        state__in=[DeliveryState.QUEUED, DeliveryState.CLAIMED],
    )
    sums = ours.values_list("message__lane").annotate(total=Sum("n")).order_by()
    found = {lane.value: 0 for lane in Lane} | {lane: int(total) for lane, total in sums}
    answers = Delivery.objects.filter(
        lane=Lane.TRANSACTIONAL,
        message__organisation=organisation,
        state=DeliveryState.QUEUED,
    )
    found[Lane.TRANSACTIONAL.value] = answers.count()
    return found


def unknown_by_message(organisation: Organisation) -> list[tuple[Message, int]]:
    """Messages some of whose mails may have left or not, the latest first, and how many."""
    ours = MessageTally.objects.filter(
        message__organisation=organisation, state=DeliveryState.UNKNOWN
    )
    sums = ours.values("message").annotate(total=Sum("n")).filter(total__gt=0).order_by()
    counts = dict(sums.values_list("message", "total"))
    found = broadcasts_of(organisation).filter(pk__in=counts)
    return [(message, int(counts[message.pk])) for message in found]


def unknown_of(message: Message, *, at_most: int) -> list[Delivery]:
    """The first readers whose mail may have left or not."""
    rows = Delivery.objects.filter(message=message, state=DeliveryState.UNKNOWN)
    return list(rows.select_related("person").order_by(F("finished_at").desc(), "pk")[:at_most])
