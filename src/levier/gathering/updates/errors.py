"""What can go wrong with news and their answers. `str()` is the French sentence to show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.typography import NO_BREAK, day, day_month


class UpdateError(Exception):
    """Something about news that cannot be done."""

    message: str | Promise = _("Cette demande n’a pas pu aboutir.")

    def __str__(self) -> str:
        return str(self.message)


class AskClosed(UpdateError):
    """The ask takes no answer any more; those recorded stay (U39, U56)."""

    def __init__(self, since: datetime | None = None) -> None:
        super().__init__()
        if since is not None:
            closed = _("Cette demande est close depuis le %(day)s. Votre réponse n’a pas changé.")
            self.message = closed % {"day": day(since)}

    message: str | Promise = _("Cette demande est close. Votre réponse n’a pas changé.")


class NotASignatory(UpdateError):
    """Only who signed, and did not take it back, is asked."""

    message = _("Votre signature a été retirée : signez de nouveau pour répondre.")


class NothingOfTheirs(UpdateError):
    """There is no answer of that person to change or take back."""

    message = _("Cette réponse a déjà été reprise : il n’y a plus rien à y changer.")


class NoSuchHour(UpdateError):
    """Clocks jumped over that hour (§7)."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.message = sentence


class WrongState(UpdateError):
    """It is not, or no longer, where this can be done."""

    message = _("La mise à jour a changé d’état entre-temps. Relisez la page.")


class AskNotAllowed(UpdateError):
    """This kind of news does not ask that (§2)."""

    message = _("Cette demande ne va pas avec ce genre de nouvelle. Choisissez-en une autre.")


class ContactNotShown(UpdateError):
    """Only a contact that is public and professional is shown (U45)."""

    message = _("Choisissez une adresse publique et professionnelle de la personne interpellée.")


class WrongHours(UpdateError):
    """An end before its beginning, or an hour that is past."""

    message = _("La fin vient avant le début : corrigez l’une des deux heures.")


class PastHour(UpdateError):
    """An update cannot leave yesterday."""

    message = _("Cette heure est déjà passée. Choisissez-en une à venir.")


class NotApproved(UpdateError):
    """Somebody else reads it first (U15)."""

    message = _("Une autre personne de l’équipe doit relire ce texte avant son envoi.")


class NotYourOwnReview(UpdateError):
    """Nobody approves what they wrote (U15)."""

    message = _("Vous avez écrit ce texte : une autre personne doit le relire.")


class PictureNeedsWords(UpdateError):
    """A picture is described for whoever does not see it (U4)."""

    message = _("Dites en quelques mots ce que montre l’image.")


class NotAPicture(UpdateError):
    """Neither one of our copies nor the address of a photo of ours (U4)."""

    message = _("Cette image n’est pas une de nos copies : téléchargez-la de nouveau.")


class EnoughTests(UpdateError):
    """Twenty test mails a day are enough (U36)."""

    message = _("Vingt essais sont déjà partis aujourd’hui. Le prochain sera possible demain.")


class NotWhole(UpdateError):
    """Something lacks (U3). `missing` is `rules.whole.Missing`: fields and their sentences."""

    message = _("Il manque quelque chose avant de publier.")

    def __init__(self, missing: Sequence[Any]) -> None:
        super().__init__()
        self.missing = missing


class SenderNotReady(UpdateError):
    """Mails in number would be refused, or against the law. `checks` are the lines of
    `messaging.rules.preflight` that block, each with its mend (J23)."""

    message = _("L’envoi est bloqué : l’adresse de l’organisation n’est pas prête.")

    def __init__(self, checks: Sequence[Any]) -> None:
        super().__init__()
        self.checks = checks


class TooSoon(UpdateError):
    """Another update of the petition holds that hour (U16, U22). Nothing was changed."""

    def __init__(self, last: Any, next_possible: datetime) -> None:
        super().__init__()
        self.last, self.next_possible = last, next_possible

    def __str__(self) -> str:
        gone = self.last.published_at is not None
        told = (
            _(
                "Une mise à jour est partie le %(day)s à %(hour)s. Pour ne pas lasser vos "
                "signataires, la prochaine est possible le %(next_day)s à %(next_hour)s. "
                "Votre texte est gardé."
            )
            if gone
            else _(
                "Une mise à jour est programmée le %(day)s à %(hour)s. Pour ne pas lasser vos "
                "signataires, la prochaine est possible le %(next_day)s à %(next_hour)s. "
                "Votre texte est gardé."
            )
        )
        return str(told) % {
            "day": day_month(self.last.release_at),
            "hour": clock(self.last.release_at),
            "next_day": day_month(self.next_possible),
            "next_hour": clock(self.next_possible),
        }


class ChangedMeanwhile(UpdateError):
    """A colleague wrote the same draft (§7). `theirs` is the ask with its update as it is now,
    `words` and `asked` what was being saved: nothing is lost."""

    def __init__(self, theirs: Any, words: Any, asked: Any) -> None:
        super().__init__()
        self.theirs, self.words, self.asked = theirs, words, asked

    def __str__(self) -> str:
        told = _("%(name)s a modifié ce texte à %(hour)s. Voici les deux versions.")
        by, at = self.theirs.update.edited_by, self.theirs.update.edited_at
        return str(told) % {"name": by.get_short_name(), "hour": clock(at)}


def clock(at: datetime) -> str:
    """« 14 h 00 »: the minutes too, since another hour is to be chosen."""
    local = timezone.localtime(at)
    return f"{local.hour}{NO_BREAK}h{NO_BREAK}{local:%M}"
