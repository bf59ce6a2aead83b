from django.db import models
from django.utils.translation import gettext_lazy as _


class CountPolicy(models.TextChoices):
    """When a signature gets its number and enters the count."""

    AT_ONCE = "at_once", _("dès la signature")
    CONFIRMED = "confirmed", _("une fois l’adresse confirmée")


class CommentPolicy(models.TextChoices):
    """When a signatory's words are seen."""

    BEFORE = "before", _("relus avant d’être publiés")
    AFTER = "after", _("publiés, puis relus")


class TeamRole(models.TextChoices):
    """What a member does in one campaign."""

    LEAD = "lead", _("responsable")
    EDITOR = "editor", _("rédaction")
    MODERATOR = "moderator", _("modération")
    CALLER = "caller", _("appels")
    READER = "reader", _("lecture")


class Right(models.TextChoices):
    """What one may do in a campaign."""

    READ = "read", _("voir les chiffres")
    EDIT = "edit", _("écrire et publier")
    MODERATE = "moderate", _("lire les noms et les commentaires, vérifier les signatures")
    EXPORT = "export", _("emporter la liste")
    LEAD = "lead", _("composer l’équipe de la campagne")


# By a place in the campaign's team: it decides alone.
RIGHTS_IN_TEAM: dict[str, frozenset[Right]] = {
    TeamRole.LEAD: frozenset(Right),
    TeamRole.EDITOR: frozenset({Right.READ, Right.EDIT}),
    TeamRole.MODERATOR: frozenset({Right.READ, Right.MODERATE}),
    TeamRole.CALLER: frozenset({Right.READ}),
    TeamRole.READER: frozenset({Right.READ}),
}
