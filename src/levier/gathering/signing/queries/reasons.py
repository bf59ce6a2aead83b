"""Why somebody is written to, in a sentence (U34)."""

from django.utils.translation import gettext as _

from levier.foundation.common.typography import day, french_spaces
from levier.foundation.people.models.person import Person
from levier.foundation.people.rules import petition_in
from levier.gathering.signing.enums import STANDING
from levier.gathering.signing.models.signature import Signature


def why_written_to(person: Person, scope: str) -> str:
    """« Vous avez signé « … » le 3 mars 2026. »; nothing when no signature of theirs stands."""
    signed = Signature.objects.filter(
        person=person, petition=petition_in(scope), state__in=STANDING
    )
    mine = signed.select_related("petition__version").order_by("signed_at").first()
    if mine is None or mine.petition.version is None:
        return ""
    return _("Vous avez signé « %(title)s » le %(day)s.") % {
        "title": french_spaces(mine.petition.version.title),
        "day": day(mine.signed_at),
    }
