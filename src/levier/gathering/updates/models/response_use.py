from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from levier.foundation.people.models.person import Person
from levier.gathering.updates.enums import Use
from levier.gathering.updates.models.ask import Ask

USE_LABEL_LENGTH = 200


class ResponseUse(models.Model):
    """Where somebody's words were put: what is printed or sent cannot be called back, but the
    team knows where it is once its author takes the words back (U51).
    """

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    use = models.CharField(max_length=8, choices=Use.choices)
    label = models.CharField(_("où"), max_length=USE_LABEL_LENGTH)  # « communiqué du 3 mars »
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ask", "person", "use", "label"], name="use_once"),
            models.CheckConstraint(condition=Q(use__in=Use.values), name="use_known"),
        ]
