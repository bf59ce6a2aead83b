from django.utils.translation import gettext_lazy as _


class SigningError(Exception):
    """Something about a signature that cannot be done. `str()` is a French sentence."""

    message = _("Cette demande n’a pas pu aboutir.")

    def __str__(self) -> str:
        return str(self.message)


class NoLongerStanding(SigningError):
    """The signature was withdrawn, disowned or rejected."""

    message = _("Cette signature a été retirée : elle n’est plus comptée.")


class AddressTaken(SigningError):
    """The new address already belongs to somebody in this organisation."""

    message = _(
        "Cette adresse est déjà connue ici. Demandez un lien avec elle pour voir ses signatures."
    )
