"""Those who signed would like to know."""

from django.urls import reverse
from django.utils.translation import gettext as _

from levier.faces.desk.next_step.situation import FEW, NextStep, Situation


def tell_news(now: Situation) -> NextStep | None:
    """Nothing was told for thirty days (U12)."""
    if not now.silence or not now.may_edit or now.total < FEW:
        return None
    return NextStep(
        key="news",
        title=_("Donnez des nouvelles à vos signataires."),
        why=now.silence,
        label=_("Écrire une mise à jour"),
        address=reverse("desk_update_new", args=[now.slug]),
    )
