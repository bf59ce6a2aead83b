"""What was just done, said on the page that follows without any cookie: `?fait=retrait`."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from levier.faces.public.private import see_other


def back(token: str, done: str) -> HttpResponse:
    """303 to the personal page, which says what was done."""
    return see_other(f"{reverse('me', args=[token])}?fait={done}")


def notice_of(request: HttpRequest) -> str:
    """The sentence for what was just done, or nothing. Unknown words say nothing."""
    return {
        "confirmation": _("Votre signature est confirmée."),
        "retrait": _("Votre signature est retirée. Un reçu part vers votre adresse."),
        "papier": _("Votre ligne est retirée : elle ne compte plus, et rien n’en est gardé."),
        "deja": _("Cette signature n’est plus comptée : il n’y a plus rien à y changer."),
        "nouvelle-adresse": _(
            "C’est noté : un courriel part vers cette adresse, et un autre vers l’ancienne. "
            "Rien ne change avant la confirmation."
        ),
        "adresse-gardee": _("C’est noté : votre adresse ne change pas."),
        "adresse": _("Votre nouvelle adresse est confirmée. L’ancienne n’ouvre plus cette page."),
        "correction": _("C’est corrigé."),
        "commentaire": _("Votre commentaire est enregistré."),
        "commentaire-efface": _("Votre commentaire est effacé. Votre signature reste."),
        "accord": _("C’est noté : accord donné."),
        "partenaire": _(
            "C’est noté : ce partenaire ne doit plus vous écrire. Vous restez signataire."
        ),
        "arret": _("C’est noté : nous arrêtons. Vous restez signataire."),
        "tout-arret": _("C’est noté : nous arrêtons tout. Vous restez signataire."),
    }.get(request.GET.get("fait", ""), "")
