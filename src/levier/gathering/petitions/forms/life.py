"""What is typed when a petition moves, wins or goes."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import Membership, Organisation, User
from levier.foundation.campaigns.models import Campaign
from levier.foundation.common.scans import PROOFS, NotAScan, keep_scan, scan_file
from levier.foundation.common.text_fields import Line, Text
from levier.gathering.petitions.actions.drafting import SLUG_LENGTH
from levier.gathering.petitions.actions.winning import Decision
from levier.gathering.petitions.models.removal import REASON_LENGTH
from levier.gathering.petitions.models.victory import DECISION_LENGTH

PAPER_ERROR = _("PDF, ou image JPEG, PNG ou WebP, 8\u00a0Mo au plus.")


class VictoryForm(forms.Form):
    """What was decided, when, and where anyone can check it (P62)."""

    decision = Text(
        label=_("Ce qui est décidé"),
        max_length=DECISION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Qui a décidé quoi, en quelques phrases : « Le conseil municipal a voté la piste "
            "cyclable de la rue des Lilas. Les travaux commencent en mars. »"
        ),
    )
    decided_on = forms.DateField(
        label=_("Le jour de la décision"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )
    evidence_url = forms.URLField(
        label=_("Où le vérifier ?"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("L’adresse d’une délibération, d’un communiqué, d’un article."),
        error_messages={
            "invalid": _("Cette adresse ne semble pas complète. Exemple : https://ville.fr/vote")
        },
    )
    evidence = forms.FileField(
        label=_("Ou le papier lui-même"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
        help_text=_("PDF ou image, 8\u00a0Mo au plus. Tout le monde pourra l’ouvrir."),
    )
    kept_evidence = forms.CharField(required=False, widget=forms.HiddenInput)
    drop_evidence = forms.BooleanField(label=_("Retirer le papier"), required=False)
    evidence_label = Line(
        label=_("Ce que l’on y trouve"),
        max_length=160,
        required=False,
        help_text=_("« Délibération du 12 mai, point 7 »"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_evidence(self) -> str:
        """The name of the paper just sent, kept at once so that nobody sends it twice."""
        sent: UploadedFile[bytes] | None = self.cleaned_data["evidence"]
        if sent is None:
            return ""
        try:
            return keep_scan(sent, folder=PROOFS)
        except NotAScan as error:
            raise forms.ValidationError(PAPER_ERROR) from error

    def clean_kept_evidence(self) -> str:
        """A paper kept earlier. Never another file."""
        name = str(self.cleaned_data["kept_evidence"])
        return name if scan_file(name, folder=PROOFS) else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.paper() and not data.get("evidence_url") and not self.errors:
            self.add_error("evidence_url", _("Indiquez une adresse, ou joignez le papier."))
        return data

    def paper(self) -> str:
        """The paper to show: the one just sent, else the one kept, else none."""
        data = getattr(self, "cleaned_data", {})
        if data.get("drop_evidence"):
            return ""
        return str(data.get("evidence") or data.get("kept_evidence") or "")

    def kept_paper(self) -> str:
        """The paper the form holds again, whether or not the rest is right."""
        return self.paper() if self.is_bound else str(self.initial.get("kept_evidence", ""))

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > self.today:
            raise forms.ValidationError(_("Une victoire se déclare une fois la décision prise."))
        return day

    def decided(self) -> Decision:
        """What was typed."""
        names = ("decision", "decided_on", "evidence_url", "evidence_label")
        said = {name: self.cleaned_data[name] for name in names}
        return Decision(**said, evidence_file=self.paper())


class RemovalForm(forms.Form):
    """Why a petition is taken away."""

    reason = Text(
        label=_("Pourquoi ?"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Cette phrase paraîtra à l’adresse de la pétition."),
    )


class AddressForm(forms.Form):
    """Where the petition is found."""

    slug = forms.SlugField(
        label=_("Adresse de la page"),
        max_length=SLUG_LENGTH,
        help_text=_(
            "Lettres, chiffres et traits d’union. L’ancienne adresse mènera à la nouvelle."
        ),
        error_messages={"invalid": _("Lettres sans accent, chiffres et traits d’union seulement.")},
    )

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()


class TransferForm(forms.Form):
    """Another campaign, another author."""

    campaign = forms.ModelChoiceField(
        label=_("Campagne"),
        queryset=Campaign.objects.none(),
        empty_label=None,
        help_text=_("La pétition suivra ses réglages, sauf ceux qu’elle a choisis elle-même."),
    )
    author = forms.ModelChoiceField(
        label=_("Au nom de"),
        queryset=User.objects.none(),
        empty_label=None,
        help_text=_("La page dira « lancée par » cette personne."),
    )

    def __init__(self, *args: Any, organisation: Organisation, author: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["campaign"].queryset = Campaign.objects.filter(organisation=organisation).order_by(
            "-created_at", "-pk"
        )
        fields["author"].queryset = authors_in(organisation, author)


def authors_in(organisation: Organisation, author: User) -> QuerySet[User]:
    """Those of the team, and the author there is now."""
    team = Membership.objects.filter(organisation=organisation).values("user")
    return User.objects.filter(Q(pk__in=team) | Q(pk=author.pk)).order_by("name", "pk")
