"""What can go wrong with news and their answers. `str()` is the French sentence to show."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.typography import day


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

    message = _("Cette demande est close. Votre réponse n’a pas changé.")


class NotASignatory(UpdateError):
    """Only who signed, and did not take it back, is asked."""

    message = _("Votre signature a été retirée : signez de nouveau pour répondre.")


class TooManyAnswers(UpdateError):
    """The network passed the limit: nothing was written."""

    message = _(
        "Trop de réponses depuis votre connexion. Réessayez dans 10\u00a0minutes : "
        "ce que vous avez écrit est gardé dans cette page."
    )


class NothingOfTheirs(UpdateError):
    """There is no answer of that person to change or take back."""

    message = _("Cette réponse a déjà été reprise : il n’y a plus rien à y changer.")


class NoSuchHour(UpdateError):
    """Clocks jumped over that hour (§7)."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.message = sentence
