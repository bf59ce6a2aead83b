"""What the press said of a petition, gathered link by link."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import audit
from levier.gathering.petitions.errors import LinkTaken
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.press_link import PressLink


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A page of the press, as it will be shown. `image` is a path in the media."""

    url: str
    title: str
    outlet: str
    day: date
    image: str = ""


@transaction.atomic
def add_press_link(*, petition: Petition, mention: Mention, by: User, now: datetime) -> PressLink:
    """Show a page of the press on the petition's page. Raises LinkTaken when it is there."""
    try:
        with transaction.atomic():
            link = PressLink.objects.create(
                petition=petition, added_by=by, added_at=now, **vars(mention)
            )
    except IntegrityError as error:
        raise LinkTaken from error
    audit(petition, "add_press_link", by, now, link=link.pk)
    return link


@transaction.atomic
def remove_press_link(*, link: PressLink, by: User, now: datetime) -> None:
    """Show it no more. Twice is the same as once."""
    gone, _ = PressLink.objects.filter(pk=link.pk).delete()
    if gone:
        audit(link.petition, "remove_press_link", by, now, link=link.pk)
