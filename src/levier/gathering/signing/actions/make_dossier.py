from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import User
from levier.foundation.people.actions.exports import record_export
from levier.foundation.people.enums import Exported
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.signing.channels.dossier import set_volume
from levier.gathering.signing.queries.dossier import List, Names, Volume, rows_of


@transaction.atomic
def make_dossier(
    *,
    petition: Petition,
    version: Version,
    slug: str,
    volume: Volume,
    names: Names,
    by: User,
    now: datetime,
) -> bytes:
    """The PDF of one volume of the signatures; who made it, and with how many names, is written
    down before it leaves (P65)."""
    rows = rows_of(petition, volume, names)
    told = {
        Names.NONE: _("sans nom"),
        Names.INITIALS: _("prénom et initiale"),
        Names.FULL: _("noms complets"),
    }
    of = {List.ONLINE: _("en ligne"), List.PAPER: _("sur papier")}
    record_export(
        organisation=petition.campaign.organisation,
        what=Exported.SIGNATURES,
        subject=f"petition:{petition.pk}",
        filters=_("dossier à remettre, %(of)s, volume %(nth)s")
        % {"of": of[volume.of], "nth": volume.nth},
        columns=told[names],
        rows=len(rows),
        by=by,
        now=now,
    )
    return set_volume(petition, version, slug, volume, rows, names, now=now)
