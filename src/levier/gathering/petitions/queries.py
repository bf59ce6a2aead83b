"""What the public reads of petitions: pages, lists, words of signatories."""

from django.db.models import QuerySet

from levier.foundation.accounts.models import Organisation
from levier.gathering.petitions.enums import PUBLIC
from levier.gathering.petitions.models import Petition


def publishers() -> QuerySet[Organisation]:
    """The organisations that have a petition in public, by name."""
    with_a_page = Petition.objects.filter(state__in=PUBLIC).values("campaign__organisation")
    return Organisation.objects.filter(pk__in=with_a_page).order_by("name")
