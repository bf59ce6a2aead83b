"""Organisations that stand behind a petition: counted apart, never among the people."""

from django.db.models import Count, QuerySet

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import OrganisationState
from levier.gathering.signing.models.organisation_signature import OrganisationSignature


def organisations_behind(petition: Petition) -> QuerySet[OrganisationSignature]:
    """Those anyone may read, for the page and for the dossier, by name."""
    found = OrganisationSignature.objects.filter(
        petition=petition, state=OrganisationState.PUBLISHED
    )
    return found.order_by("name", "pk")


def organisations_in(petition: Petition, state: str) -> QuerySet[OrganisationSignature]:
    """Those in one state, as the team reads them: the oldest first while they wait."""
    found = OrganisationSignature.objects.filter(petition=petition, state=state)
    found = found.select_related("decided_by")
    if state in {OrganisationState.WAITING, OrganisationState.UNCONFIRMED}:
        return found.order_by("created_at", "pk")
    return found.order_by("name", "pk")


def organisation_counts(petition: Petition) -> dict[str, int]:
    """How many in each state."""
    rows = OrganisationSignature.objects.filter(petition=petition).values("state")
    return {row["state"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()}
