"""What is typed about a campaign."""

from django import forms
from django.utils.translation import gettext_lazy as _

from levier.foundation.campaigns.actions import CampaignChoices
from levier.foundation.campaigns.enums import CommentPolicy
from levier.foundation.common.text_fields import Line


class CampaignForm(forms.Form):
    """The choices that every petition of the campaign inherits."""

    name = Line(label=_("Nom"), max_length=120)
    comment_policy = forms.ChoiceField(
        label=_("Les commentaires sont"), choices=CommentPolicy.choices
    )
    retention_months = forms.IntegerField(
        label=_("Mois avant d’effacer les noms"),
        min_value=1,
        max_value=36,
        help_text=_("Comptés depuis la clôture de la pétition : de 1 à 36."),
    )
    offers_org_news = forms.BooleanField(
        label=_("Proposer « d’autres façons d’agir » par courriel"), required=False
    )
    offers_phone = forms.BooleanField(
        label=_("Proposer de poursuivre par téléphone"), required=False
    )
    offers_post = forms.BooleanField(label=_("Proposer de poursuivre par la poste"), required=False)

    def choices(self) -> CampaignChoices:
        """All but the name."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "name"}
        return CampaignChoices(**data)
