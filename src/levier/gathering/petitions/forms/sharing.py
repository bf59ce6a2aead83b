"""What a campaigner proposes to say on each network."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.text_fields import Text
from levier.foundation.common.typography import number
from levier.gathering.petitions.enums import ShareNetwork
from levier.gathering.petitions.models.petition import Version
from levier.gathering.petitions.rules.share_texts import filled, room_for, weight

LONG = frozenset({ShareNetwork.EMAIL})


class ShareTextsForm(forms.Form):
    """One text per network; left empty, what is above is used, and shown in the box. `version` is
    the petition that the words must fit with: its own, or the longest there may be."""

    def __init__(
        self, *args: Any, version: Version, shown: Mapping[str, str], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.version = version
        for network in ShareNetwork:
            rows = 8 if network in LONG else 3
            self.fields[network.value] = Text(
                label=network.label.capitalize() if network in LONG else network.label,
                required=False,
                widget=forms.Textarea(attrs={"rows": rows, "placeholder": shown[network]}),
                help_text=_("%(n)s caractères au plus ; le lien s’ajoute tout seul.")
                % {"n": number(room_for(network))},
            )

    def clean(self) -> dict[str, Any]:
        """Each fits where it goes, with the link."""
        for network in ShareNetwork:
            said = filled(self.cleaned_data.get(network, ""), self.version)
            over = weight(network, said) - room_for(network)
            if over > 0:
                sentence = _("Trop long de %(n)s caractères : le lien ne tiendrait plus.")
                self.add_error(network.value, sentence % {"n": over})
        return self.cleaned_data

    def texts(self) -> dict[str, str]:
        """What was typed, by network."""
        return {network.value: self.cleaned_data[network.value] for network in ShareNetwork}
