"""Who carries a petition with us, and who may say so at the desk."""

from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.embed_site import EmbedSite
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.gates import (
    Place,
    petition_for_editing,
    petition_for_exporting,
)


def partner_named(petition: Petition, slug: str) -> Partner | None:
    """The partner a link or a frame names, while it carries the petition."""
    if not slug or "\x00" in slug:
        return None
    return Partner.objects.filter(petition=petition, slug=slug, ended_at=None).first()


def sites_for(petition: Petition, partner: Partner | None) -> list[str]:
    """The origins that may show the form: a partner's own list, else the petition's (P60)."""
    own = list(partner.sites) if partner else []
    listed = EmbedSite.objects.filter(petition=petition).order_by("origin")
    return own or list(listed.values_list("origin", flat=True))


def every_site(petition: Petition) -> list[str]:
    """The origins that may show one form or another of a petition; none: any may."""
    own = sites_for(petition, None)
    partners = Partner.objects.filter(petition=petition, ended_at=None)
    doors = [own, *(sites or own for sites in partners.values_list("sites", flat=True))]
    return sorted({origin for door in doors for origin in door}) if all(doors) else []


def partner_for_editing(user: User, slug: str, pk: int) -> tuple[Place, Partner]:
    """A partner of that petition, for whoever may change the petition."""
    place = petition_for_editing(user, slug)
    return place, _of(place, pk)


def partner_for_exporting(user: User, slug: str, pk: int) -> tuple[Place, Partner]:
    """A partner of that petition, for whoever may take names out of here (P65)."""
    place = petition_for_exporting(user, slug)
    return place, _of(place, pk)


def _of(place: Place, pk: int) -> Partner:
    partner = Partner.objects.filter(petition=place.petition, pk=pk).first()
    if partner is None:
        raise Hidden
    return partner
