from django.db import models
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition

PRESS_URL_LENGTH = 500
PRESS_TITLE_LENGTH = 200
OUTLET_LENGTH = 100


class PressLink(models.Model):
    """What the press said of a petition: a link, with the words and the picture it goes by."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    url = models.CharField(_("adresse"), max_length=PRESS_URL_LENGTH)
    title = models.CharField(_("titre"), max_length=PRESS_TITLE_LENGTH)
    outlet = models.CharField(_("média"), max_length=OUTLET_LENGTH)
    day = models.DateField(_("jour"))
    image = models.CharField(max_length=120, blank=True, default="")  # media path, copied here
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "url"], name="presslink_once"),
            models.CheckConstraint(
                condition=models.Q(url__startswith="https://")
                | models.Q(url__startswith="http://"),
                name="presslink_url_is_web",
            ),
        ]
