"""Themes belong to the site: whoever runs it decides of them."""

from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import Membership, User
from levier.foundation.campaigns.models import Theme
from levier.gathering.petitions.rules.site import site_for_running

NAME_LENGTH, SLUG_LENGTH = 80, 60


def theme_for_changing(user: User, pk: int) -> tuple[Theme, Membership]:
    """A theme, for an owner of the organisation that runs the site. Raises Hidden, NotAllowed."""
    membership = site_for_running(user)
    theme = Theme.objects.filter(pk=pk).first()
    if theme is None:
        raise Hidden
    return theme, membership
