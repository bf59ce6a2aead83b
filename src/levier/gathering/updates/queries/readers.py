"""The rows that `messaging.queue_set` writes deliveries from: reader, mailbox, what is theirs."""

from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    F,
    Func,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Concat, JSONObject
from django.db.models.lookups import Exact

from levier.foundation.common.typography import NO_BREAK
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.audience import audience_of
from levier.gathering.updates.queries.mailed_links import mailed_token_of

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_NAMED = f"(ARRAY{list(MONTHS)!r})[(%(expressions)s)::int]"


def readers_of(update: Update, *, at: datetime, link: str) -> QuerySet[Any, Any]:
    """(person id, contact point id, context) of everybody who gets it; `link` is what comes before
    their own token. Wants the petition with its campaign and organisation."""
    own = JSONObject(
        first_name=F("first_name"),
        signed_on=signed_on(update.petition.campaign.organisation.time_zone),
        answer_url=Concat(
            Value(link), mailed_token_of(update.pk), Value("/"), output_field=TextField()
        ),
    )
    return audience_of(update, at=at).order_by("pk").values_list("person", "contact_point", own)


def signed_on(zone: str) -> Concat:
    """« 3 mars 2026 », as `typography.day` writes it, in a time zone (U34)."""
    local = Func(Value(zone), F("signed_at"), function="timezone", output_field=DateTimeField())
    number, month, year = (
        Func(local, Value(form), function="to_char", output_field=CharField())
        for form in ("FMDD", "MM", "YYYY")
    )
    figure = Case(
        When(Exact(number, "1"), then=Value("1er")), default=number, output_field=CharField()
    )
    named = Func(month, template=_NAMED, output_field=CharField())
    return Concat(figure, Value(NO_BREAK), named, Value(" "), year, output_field=TextField())
