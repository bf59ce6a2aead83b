"""How far a sending is: counters, whatever the number of readers (U30)."""

from levier.foundation.messaging.queries.progress import Progress
from levier.foundation.messaging.queries.progress import progress_of as progress_of_message
from levier.gathering.updates.models.update import Update


def progress_of(update: Update) -> Progress:
    """Readers by what became of their mail, `unknown` apart; the parts add up to the audience.
    All zeros until its mails are written."""
    return progress_of_message(update.message) if update.message is not None else Progress()
