"""Who runs this installation, and decides for all who use it: its switches, its themes."""

from levier.foundation.accounts.enums import CAN_MANAGE_TEAM
from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import Membership, Organisation, User
from levier.foundation.accounts.rules import membership_of, require


def site_organisation() -> Organisation | None:
    """The organisation that runs this installation: the first that was created on it."""
    return Organisation.objects.order_by("pk").first()


def site_for_running(user: User) -> Membership:
    """The place of an owner of the organisation that runs the site; Hidden to all others."""
    organisation = site_organisation()
    if organisation is None:
        raise Hidden
    return require(membership_of(user, organisation.pk), CAN_MANAGE_TEAM)


def runs_the_site(membership: Membership) -> bool:
    """Whether this place lets somebody decide for the whole site."""
    organisation = site_organisation()
    mine = organisation is not None and membership.organisation_id == organisation.pk
    return mine and membership.role in CAN_MANAGE_TEAM
