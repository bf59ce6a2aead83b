"""The words of what is agreed to or not on one's own page."""

from django.utils.translation import gettext as _

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.enums import Channel, Purpose


def standing_sentences(organisation: Organisation) -> dict[tuple[str, str], str]:
    """What each choice of one's own page says that is the same for every petition: the exact words
    kept when it is turned on or off. (channel, purpose) → sentence."""
    name = {"organisation": organisation.name}
    return {
        (Channel.EMAIL, Purpose.ORG_NEWS): _(
            "%(organisation)s peut me proposer d’autres façons d’agir."
        )
        % name,
        (Channel.PHONE, Purpose.CONTINUE): _(
            "%(organisation)s peut me téléphoner pour poursuivre l’action ensemble."
        )
        % name,
        (Channel.POST, Purpose.CONTINUE): _(
            "%(organisation)s peut m’écrire par la poste pour poursuivre l’action ensemble."
        )
        % name,
    }


def news_sentence(title: str) -> str:
    """What the choice of one petition's news says; its title as it is on the day."""
    return _("Je veux recevoir les nouvelles de « %(title)s », une par jour au plus.") % {
        "title": title
    }
