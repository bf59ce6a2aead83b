"""The name of a theme."""

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.text_fields import Line


class ThemeForm(forms.Form):
    """What petitions are about, in a few words. The action says what is wrong with it."""

    name = Line(
        label=_("Nom du thème"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": 80, "autocomplete": "off"}),
        help_text=_("Deux ou trois mots, par exemple « Eau, rivières »."),
    )
