"""Who and what a command is about, named as a person names them."""

from django.core.management.base import CommandError

from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.models import Membership, Organisation, User
from levier.gathering.petitions.models.petition import Petition, Slug


def petition_named(slug: str) -> Petition:
    """The petition at an address, or what to type instead."""
    found = Slug.objects.filter(slug=slug.strip("/").rpartition("/")[2]).select_related(
        "petition__campaign__organisation", "petition__version"
    )
    address = found.first()
    if address is None:
        raise CommandError(f"aucune pétition à l’adresse « {slug} ».")
    return address.petition


def organisation_named(name: str) -> Organisation:
    """The organisation of that identifier or name, or what to type instead."""
    everyone = Organisation.objects.order_by("slug")
    found = everyone.filter(slug=name).first() or everyone.filter(name=name).first()
    if found is None:
        known = ", ".join(everyone.values_list("slug", flat=True))
        raise CommandError(f"aucune organisation « {name} ». Il y a : {known or 'personne'}.")
    return found


def member_named(email: str, organisation: Organisation) -> User:
    """Somebody who may bring names in and take them out of an organisation."""
    place = Membership.objects.filter(
        user__email=email.strip().lower(), organisation=organisation, role__in=CAN_CAMPAIGN
    )
    found = place.select_related("user").first()
    if found is None:
        raise CommandError(f"{email} ne mène pas campagne dans « {organisation.name} ».")
    return found.user
