"""What can go wrong with the directory. `str()` is the French sentence to show."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DirectoryError(Exception):
    """A gesture on the directory that cannot be done."""

    message: str | Promise = _("Ce geste n’est pas possible.")

    def __str__(self) -> str:
        return str(self.message)


class ContactTaken(DirectoryError):
    message = _("Ce moyen est déjà noté pour elle ou pour lui.")


class ContactInUse(DirectoryError):
    message = _(
        "Une mise à jour s’en sert : elle reste écrite ici. Décochez « publique et "
        "professionnelle » pour qu’on ne la montre plus."
    )


class SourceMissing(DirectoryError):
    message = _("Dites où elle est publiée : l’adresse d’une page, un annuaire officiel.")
