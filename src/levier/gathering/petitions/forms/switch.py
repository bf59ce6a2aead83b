"""A switch and the sentence that goes with it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.text_fields import Line
from levier.gathering.petitions.enums import SwitchKind
from levier.gathering.petitions.models.switch import SENTENCE_LENGTH

#: What the public reads, unless somebody writes better.
SENTENCES = {
    SwitchKind.SIGNATURES: _(
        "Les signatures sont arrêtées pour un moment. Celles qui sont données comptent toujours."
    ),
    SwitchKind.LAUNCH: _("On ne peut pas lancer de nouvelle pétition en ce moment."),
    SwitchKind.COMMENTS: _("Les commentaires sont fermés pour un moment ; on peut signer sans."),
    SwitchKind.CAPTCHA: _(
        "Des robots essaient de signer : votre navigateur fait d’abord un petit calcul."
    ),
    SwitchKind.HOLD: _("Chaque nouvelle signature est relue avant d’être comptée."),
}
#: What throwing it does, for whoever is about to.
EFFECTS = {
    SwitchKind.SIGNATURES: _("La page reste, le formulaire laisse la place à votre phrase."),
    SwitchKind.LAUNCH: _("Personne ne peut commencer de pétition ; celles qui sont là continuent."),
    SwitchKind.COMMENTS: _("On signe toujours, sans pouvoir ajouter de mot."),
    SwitchKind.CAPTCHA: _(
        "Chaque navigateur prouve son travail en quelques secondes. Sans JavaScript, la signature "
        "attend que son titulaire la confirme."
    ),
    SwitchKind.HOLD: _(
        "Les signatures arrivent dans « À vérifier », sans numéro, et n’y comptent qu’une fois "
        "relues, même confirmées."
    ),
}


class SwitchForm(forms.Form):
    """Throw a switch, or change its sentence."""

    sentence = Line(
        label=_("Phrase montrée au public"),
        max_length=SENTENCE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        initial = {"sentence": SENTENCES[SwitchKind(kind)]}
        options["initial"] = {**initial, **options.get("initial", {})}
        options["prefix"] = kind
        super().__init__(*args, **options)
