"""What the page itself lacks."""

from django.urls import reverse
from django.utils.translation import gettext as _

from levier.faces.desk.next_step.situation import (
    FEW,
    TENTH,
    NextStep,
    Situation,
    is_over,
)
from levier.gathering.petitions.enums import PetitionState


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


def contact(now: Situation) -> NextStep | None:
    """Nobody wrote down how to reach whoever decides."""
    if now.has_contact or not now.has_addressee or not now.may_edit or is_over(now):
        return None
    if now.state != PetitionState.OPEN or now.total < FEW:
        return None
    return NextStep(
        key="contact",
        title=_("Notez comment joindre qui décide."),
        why=_(
            "Un courriel, un numéro, un secrétariat : trouvés maintenant, ils serviront le jour "
            "où vous demanderez un rendez-vous."
        ),
        label=_("Écrire ses coordonnées"),
        address=reverse("desk_contacts", args=[now.slug]),
    )


def translation(now: Situation) -> NextStep | None:
    """One in ten comes from where another language is spoken."""
    if now.has_translation or not now.may_edit or now.state != PetitionState.OPEN:
        return None
    if now.total < FEW or now.abroad * TENTH < now.total:
        return None
    return NextStep(
        key="translation",
        title=_("Traduisez-la : on la signe aussi d’ailleurs."),
        why=_("Une signature sur dix au moins vient d’un pays où l’on ne lit guère le français."),
        label=_("Ajouter une langue"),
        address=reverse("desk_translations", args=[now.slug]),
    )
