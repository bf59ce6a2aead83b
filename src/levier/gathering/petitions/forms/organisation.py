"""« Signer au nom d’une organisation »."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.contact_fields import email
from levier.foundation.common.images import MAX_BYTES, NotAnImage, store_image
from levier.foundation.common.text_fields import Line
from levier.gathering.petitions.forms.picture import IMAGE_ERROR

ADDRESS_IN_NAME = ("://", "www.", "@")


class OrganisationSignatureForm(forms.Form):
    """Who signs, and who says so. A logo once sent is kept while the rest is mended."""

    name = Line(
        label=_("Nom de l’organisation"),
        max_length=160,
        help_text=_("Tel qu’il doit paraître."),
    )
    website = forms.URLField(
        label=_("Son site"), required=False, max_length=200, assume_scheme="https"
    )
    contact_name = Line(label=_("Votre prénom et votre nom"), max_length=120)
    contact_role = Line(
        label=_("Votre fonction"), max_length=120, help_text=_("« présidente », « trésorier »")
    )
    email = forms.CharField(
        label=_("Votre courriel"),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email"}),
        help_text=_("Pour confirmer. Jamais publié. De préférence à l’adresse de l’organisation."),
    )
    logo = forms.FileField(
        label=_("Son logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG ou WebP, 8 Mo au plus."),
    )
    kept_logo = forms.RegexField(
        r"^images/[0-9a-f]{32}\.jpg$", required=False, widget=forms.HiddenInput
    )
    allowed = forms.BooleanField(
        label=_("Mon organisation m’autorise à signer en son nom."),
        error_messages={"required": _("Cochez cette case si vous pouvez engager l’organisation.")},
    )
    fax = forms.CharField(required=False)  # nobody sees it: what fills it is a machine

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if any(sign in name.lower() for sign in ADDRESS_IN_NAME):
            raise forms.ValidationError(_("Écrivez le nom seul, sans adresse."))
        return name

    def clean_website(self) -> str:
        """Only what a link may lead to."""
        address = str(self.cleaned_data["website"])
        if address and not address.startswith(("https://", "http://")):
            raise forms.ValidationError(_("Une adresse qui commence par https://"))
        return address

    def clean_email(self) -> str:
        try:
            return email(self.cleaned_data["email"])
        except ValueError as error:
            raise forms.ValidationError(
                _("Cette adresse ne semble pas complète. Exemple : prenom@exemple.fr")
            ) from error

    def clean_logo(self) -> str:
        """The path of the picture just sent, re-encoded; empty for none."""
        sent: UploadedFile[bytes] | None = self.cleaned_data["logo"]
        if sent is None:
            return ""
        if (sent.size or 0) > MAX_BYTES or sent.file is None:
            raise forms.ValidationError(IMAGE_ERROR)
        try:
            return store_image(sent.file)
        except NotAnImage as error:
            raise forms.ValidationError(IMAGE_ERROR) from error

    def picture(self) -> str:
        """The logo to keep: the one just sent, else the one sent before."""
        data: dict[str, Any] = getattr(self, "cleaned_data", {})
        return str(data.get("logo") or data.get("kept_logo") or "")

    def is_trapped(self) -> bool:
        """Whether a machine filled what nobody sees."""
        return bool(self.cleaned_data.get("fax"))
