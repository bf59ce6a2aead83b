"""Who decides, as an organisation has written it down."""

from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from levier.foundation.accounts.models import Organisation
from levier.foundation.directory.models import Mandate


def mandates_of(owner: Organisation, *, on: date) -> QuerySet[Mandate]:
    """People and the posts they hold that day, those with a charge of their own first (P3).

    A deputy « en charge des mobilités » comes before a mayor in charge of everything.
    """
    in_charge_of_all = ExpressionWrapper(Q(post__responsibility=""), BooleanField())
    return (
        Mandate.objects.filter(owner=owner)
        .filter(Q(start_date=None) | Q(start_date__lte=on), Q(end_date=None) | Q(end_date__gte=on))
        .select_related("person", "post__organization")
        .annotate(in_charge_of_all=in_charge_of_all)
        .order_by("post__organization__name", "in_charge_of_all", "person__name", "pk")
    )
