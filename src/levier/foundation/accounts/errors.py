"""What can go wrong with accounts. `message` is the French sentence to show."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Hidden(Exception):
    """The object does not exist for this user: shown as « not found » (404), whatever the truth."""


class NotAllowed(Exception):
    """A member of the organisation asks for what their role does not give (403)."""

    message: str | Promise = _(
        "Votre rôle ne permet pas ce geste. Demandez à une personne responsable."
    )


class AccountError(Exception):
    """A gesture on accounts that cannot be done. `str()` is the French sentence to show."""

    message: str | Promise = _("Ce geste n’est pas possible.")

    def __str__(self) -> str:
        return str(self.message)


class LastOwner(AccountError):
    message = _("Il faut au moins une personne responsable. Nommez-en une autre d’abord.")


class EmailTaken(AccountError):
    message = _("Un compte existe déjà avec cette adresse.")


class AlreadyMember(AccountError):
    message = _("Cette personne est déjà de l’équipe.")


class AlreadyInvited(AccountError):
    message = _("Une invitation attend déjà à cette adresse. Retirez-la pour en faire une autre.")


class InvitationOver(AccountError):
    message = _("Cette invitation n’est plus valable. Demandez-en une nouvelle à l’équipe.")


class NotTheInvited(AccountError):
    message = _("Cette invitation est pour une autre adresse que celle de votre compte.")
