from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PeopleError(Exception):
    """Something about people that cannot be done. `str()` is the French sentence to show."""

    message: str | Promise = _("Ce geste n’est pas possible.")

    def __str__(self) -> str:
        return str(self.args[0] if self.args else self.message)


class BadConditions(PeopleError):
    """Conditions that nobody can understand. The argument says which."""

    message = _("Ces conditions ne se comprennent pas.")


class NotMergeable(PeopleError):
    """The two cards cannot become one."""

    message = _("Ces deux fiches ne peuvent pas être fusionnées : l’une d’elles a changé.")


class NotPartable(PeopleError):
    """The merge cannot be undone."""

    message = _("Cette fusion ne peut plus être défaite.")


class NumberTaken(PeopleError):
    """Somebody else of the organisation has that number."""

    message = _("Ce numéro est déjà celui d’une autre personne. Ce sont peut-être des doublons.")


class BadTag(PeopleError):
    """A tag needs a letter or a figure, and 40 characters at most."""

    message = _("Une étiquette est un mot ou deux, 40\u00a0caractères au plus.")


class TagTaken(PeopleError):
    """Two tags of an organisation do not read alike."""

    message = _("Une autre étiquette porte déjà ce nom.")


class SegmentTaken(PeopleError):
    """Two segments of an organisation do not bear the same name."""

    message = _("Un autre segment porte déjà ce nom.")


class ImportMoved(PeopleError):
    """The import went on, or was given up, meanwhile."""

    message = _("Cet import a changé d’état entre-temps. Relisez la page avant de recommencer.")


class FileKnown(PeopleError):
    """The very same file is already here; `other` is its import."""

    def __init__(self, other: Model) -> None:
        super().__init__(
            _("Ce fichier a déjà été déposé ici. Annulez son import pour le reprendre.")
        )
        self.other = other


class TooLate(PeopleError):
    """The seven days are over (P59)."""

    message = _("Un import s’annule pendant sept jours. Ce délai est passé.")


class RowsLost(PeopleError):
    """The rows that waited are gone: they are to be laid down again from their file."""
