"""What the page itself lacks."""

from django.urls import reverse
from django.utils.translation import gettext as _

from levier.faces.desk.next_step.situation import NextStep, Situation, is_over


def addressee(now: Situation) -> NextStep | None:
    """Nobody who could decide is named."""
    if now.has_addressee or not now.may_edit or is_over(now):
        return None
    return NextStep(
        key="addressee",
        title=_("Trouvez qui est en charge du dossier."),
        why=_(
            "L’adjointe ou l’adjoint en charge compte souvent plus que qui est tout en haut : "
            "c’est avec cette personne que vous demanderez un rendez-vous."
        ),
        label=_("Dire à qui la pétition s’adresse"),
        address=reverse("desk_petition_edit", args=[now.slug]),
    )


def image(now: Situation) -> NextStep | None:
    """Nothing shows what it is about."""
    if now.has_image or not now.may_edit or is_over(now):
        return None
    return NextStep(
        key="image",
        title=_("Ajoutez une image."),
        why=_("Un visage ou un lieu dit en une seconde de quoi il s’agit, là où l’on partage."),
        label=_("Choisir une image"),
        address=reverse("desk_petition_edit", args=[now.slug]),
    )


def feature(now: Situation) -> NextStep | None:
    """No comment is put forward."""
    if now.has_featured or not now.may_moderate or is_over(now):
        return None
    return NextStep(
        key="feature",
        title=_("Mettez un commentaire en avant."),
        why=_("Des mots touchants donnent envie de signer ; vous les lirez aussi à qui décide."),
        label=_("Choisir un commentaire"),
        address=f"{reverse('desk_comments', args=[now.slug])}?etat=publies",
    )
