"""What is typed when a supporter's petition is given back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.text_fields import Text


class RefusalForm(forms.Form):
    """Why it cannot be published so."""

    reason = Text(
        label=_("Pourquoi"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Dites pourquoi : l’autrice ou l’auteur le lira.")},
        help_text=_("Ce qu’il faudrait changer. Ces mots partent par courriel, tels quels."),
    )
