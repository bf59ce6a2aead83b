from django.utils.translation import gettext_lazy as _


class MessagingError(Exception):
    """A message that cannot leave as asked. `str()` is a French sentence."""

    message = _("Ce message n’a pas pu être préparé.")

    def __str__(self) -> str:
        return str(self.message)


class MissingVariable(MessagingError):
    """The template asks for something that a recipient does not have: the run is refused (J8)."""

    def __init__(self, name: str, template: str = "") -> None:
        super().__init__(name, template)
        self.name = name
        self.template = template

    def __str__(self) -> str:
        return str(_("« {name} » manque pour remplir le modèle {template}.")).format(
            name=self.name, template=self.template
        )


class AddressRefused(MessagingError):
    """An address that cannot be written in an SMTP envelope, or that the route cannot carry."""

    message = _("Cette adresse ne peut pas être utilisée pour un envoi.")


class HeaderRefused(MessagingError):
    """A header that would hold a control character (J11)."""

    message = _("Un en-tête du message contient un caractère interdit.")


class MessageOver(MessagingError):
    """A message that was cancelled is neither paused nor resumed."""

    message = _("Cet envoi a été annulé : ce qui restait ne partira plus.")
