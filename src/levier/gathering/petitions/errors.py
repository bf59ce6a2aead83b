"""What can go wrong with a petition. `str()` is the French sentence to show."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PetitionError(Exception):
    """A gesture on a petition that cannot be done."""

    message: str | Promise = _("Ce geste n’est pas possible maintenant.")

    def __str__(self) -> str:
        return str(self.message)


class AskFrozen(PetitionError):
    message = _(
        "Des personnes ont signé cette demande : elle ne change plus. "
        "Le titre, le texte et l’image, eux, peuvent changer."
    )


class PolicyFrozen(PetitionError):
    message = _("La règle de décompte ne change plus après la première signature.")


class NotReady(PetitionError):
    message = _("Il manque le titre, la demande, le texte ou la personne à qui elle s’adresse.")


class WrongState(PetitionError):
    message = _("La pétition a changé d’état entre-temps. Relisez la page avant de recommencer.")


class SlugTaken(PetitionError):
    message = _("Cette adresse est déjà prise par une autre pétition.")


class TooManyFields(PetitionError):
    message = _("Cinq questions au plus : chaque question de plus fait partir du monde.")


class NotInOrganisation(PetitionError):
    message = _("Choisissez une campagne et une personne de la même organisation.")


class AlreadyClosed(PetitionError):
    message = _("La pétition est close : sa date ne peut plus être repoussée.")


class NotHere(PetitionError):
    message = _("Cet interrupteur n’existe que pour le site entier.")


class NotWelcome(PetitionError):
    message = _(
        "Cette organisation n’accueille pas de pétition pour l’instant. Choisissez qui d’autre "
        "portera la vôtre : votre texte est gardé."
    )


class LaunchStopped(PetitionError):
    """The site takes no new petition for a while (P71); its own sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.message = sentence


class ChangedMeanwhile(PetitionError):
    message = _("Le texte a changé pendant votre lecture. Relisez-le, puis décidez.")


class EnoughLinks(PetitionError):
    message = _(
        "Le lien est déjà parti plusieurs fois. Regardez dans les courriels indésirables, ou "
        "continuez sur cet appareil : votre texte y est."
    )


class TranslationExists(PetitionError):
    message = _("Cette langue est celle du texte d’origine.")


class LinkTaken(PetitionError):
    message = _("Cet article est déjà sur la page de la pétition.")


class BadTheme(PetitionError):
    message = _("Donnez un nom au thème : 80 caractères au plus, avec au moins une lettre.")


class ThemeTaken(PetitionError):
    message = _("Un autre thème porte déjà ce nom.")
