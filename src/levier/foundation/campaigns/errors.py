"""What can go wrong with a campaign. `str()` is the French sentence to show."""

from django.utils.translation import gettext_lazy as _


class NotAMember(Exception):
    """Somebody outside the organisation is given a part in one of its campaigns."""

    message = _("Invitez d’abord cette personne dans l’équipe de l’organisation.")

    def __str__(self) -> str:
        return str(self.message)
