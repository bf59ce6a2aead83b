from datetime import datetime

from django.utils.translation import gettext_lazy as _

from levier.foundation.common.typography import day, hour, number


class SigningError(Exception):
    """Something about a signature that cannot be done. `str()` is a French sentence."""

    message = _("Cette demande n’a pas pu aboutir.")

    def __str__(self) -> str:
        return str(self.message)


class NoLongerStanding(SigningError):
    """The signature was withdrawn, disowned or rejected."""

    message = _("Cette signature a été retirée : elle n’est plus comptée.")


class AddressTaken(SigningError):
    """The new address already belongs to somebody in this organisation."""

    message = _(
        "Cette adresse est déjà connue ici. Demandez un lien avec elle pour voir ses signatures."
    )


class AlreadyListed(SigningError):
    """An organisation of the same name is already shown."""

    message = _("Une organisation de ce nom est déjà dans la liste.")


class TooManyChanges(SigningError):
    """Enough new addresses were proposed today from one personal page."""

    message = _("Vous avez déjà demandé plusieurs changements d’adresse. Réessayez demain.")


class SelectionChanged(SigningError):
    """The list is no longer the one that was shown before deciding (P70)."""

    message = _("La liste a changé entre-temps. Relisez ce qui suit, puis confirmez.")


class NothingToDecide(SigningError):
    """Nothing in the list can be decided that way."""

    message = _("Aucune de ces signatures ne peut changer ainsi.")


class NotReversible(SigningError):
    """A decision that is under way, was undone already, or gave numbers."""

    message = _("Cette décision ne peut pas être annulée.")


class NotSignable(SigningError):
    """The petition closed, paused or was removed meanwhile: nothing was written."""


class TooManyFromHere(SigningError):
    """The network passed the hard limit (P67): nothing was written."""

    message = _("Trop d’envois depuis votre connexion. Réessayez dans 10\u00a0minutes.")


class ProofAsked(SigningError):
    """The network passed the soft limit, or everybody is asked (P67): nothing was written yet."""

    message = _(
        "Beaucoup de signatures arrivent en ce moment. Votre navigateur fait d’abord un petit "
        "calcul\u202f: il ne vous demande rien, et votre texte est gardé dans cette page."
    )


class IntakeBusy(SigningError):
    """The queue is full or stopping: nothing was written (P10)."""

    message = _(
        "Beaucoup de monde signe en ce moment. Réessayez dans une minute\u202f; "
        "votre texte est gardé dans cette page."
    )


class IntakeAway(IntakeBusy):
    """The database does not answer. Sending again is safe: a repeat is the same signature."""


class Unwritable(SigningError):
    """The database refused this very row, alone. Its neighbours were written."""

    message = _(
        "Votre signature n’a pas pu être enregistrée. Vérifiez ce que vous avez écrit, "
        "puis réessayez."
    )


class SheetTaken(SigningError):
    """That sheet was entered already, perhaps a moment ago by somebody else (P55)."""

    def __init__(self, *, sheet: int, who: str, at: datetime) -> None:
        super().__init__()
        self.sheet, self.who, self.at = sheet, who, at

    def __str__(self) -> str:
        words = {
            "number": number(self.sheet),
            "who": self.who or _("quelqu’un de l’équipe"),
            "day": day(self.at),
            "hour": hour(self.at),
        }
        return (
            _(
                "La feuille %(number)s est déjà saisie : %(who)s, le %(day)s à %(hour)s. "
                "Rien n’est compté deux fois. Ouvrez-la pour la corriger."
            )
            % words
        )


class PaperClosed(SigningError):
    """The petition takes no paper: a draft, removed, or closed so long ago that names are gone."""

    message = _("Cette pétition ne prend pas de signatures sur papier pour le moment.")


class TooManySheets(SigningError):
    """More sheets than are printed at once, or no number left."""

    message = _("Demandez entre 1 et 200\u00a0feuilles à la fois.")


class TooManyLines(SigningError):
    """More lines than a sheet may have."""

    message = _("Une feuille a cent lignes au plus : répartissez-les sur plusieurs numéros.")


class NotImportable(SigningError):
    """Past signatures come to a petition that is open, or paused."""

    message = _(
        "Les signatures d’ailleurs se reprennent sur une pétition publiée et qui n’est pas close."
    )
