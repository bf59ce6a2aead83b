"""What an organisation campaigns for."""

from django.db.models import QuerySet

from levier.foundation.accounts.models import Organisation
from levier.foundation.campaigns.models import Campaign


def campaigns_of(organisation: Organisation) -> QuerySet[Campaign]:
    """The latest first."""
    return Campaign.objects.filter(organisation=organisation).order_by("-created_at", "-pk")
