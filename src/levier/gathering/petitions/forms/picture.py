"""A picture and its words: sent once, kept while the rest is mended."""

import re
from typing import Any

from django import forms
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from levier.foundation.common.images import MAX_BYTES, NotAnImage, store_image
from levier.foundation.common.text_fields import Line

STORED = re.compile(r"images/[0-9a-f]{32}\.jpg")
IMAGE_ERROR = _("Image JPEG, PNG ou WebP, 8 Mo au plus.")


class PictureForm(forms.Form):
    """Sent, it is stored at once, so that nobody sends it twice."""

    image = forms.FileField(
        label=_("Image"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG ou WebP, 8 Mo au plus. Le lieu et l’appareil en sont effacés."),
    )
    kept_image = forms.CharField(required=False, widget=forms.HiddenInput)
    drop_image = forms.BooleanField(label=_("Retirer l’image"), required=False)
    image_alt = Line(
        label=_("Ce que montre l’image"),
        max_length=300,
        required=False,
        help_text=_("Pour qui ne la voit pas : « Des enfants à vélo rue des Lilas »."),
    )
    image_credit = Line(label=_("Légende ou crédit"), max_length=300, required=False)

    def clean_image(self) -> str:
        """The path of the picture just sent, stored; empty for none."""
        sent: UploadedFile[bytes] | None = self.cleaned_data["image"]
        if sent is None:
            return ""
        if (sent.size or 0) > MAX_BYTES or sent.file is None:
            raise forms.ValidationError(IMAGE_ERROR)
        try:
            return store_image(sent.file)
        except NotAnImage as error:
            raise forms.ValidationError(IMAGE_ERROR) from error

    def clean_kept_image(self) -> str:
        """A picture stored earlier, when the page came back with errors. Never another file."""
        path = str(self.cleaned_data["kept_image"])
        return path if STORED.fullmatch(path) and default_storage.exists(path) else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.picture() and not data.get("image_alt"):
            self.add_error("image_alt", _("Dites en quelques mots ce que montre l’image."))
        return data

    def picture(self) -> str:
        """The picture to keep: the one just sent, else the one kept, else none."""
        data = getattr(self, "cleaned_data", {})
        if data.get("drop_image"):
            return ""
        return str(data.get("image") or data.get("kept_image") or "")

    def kept_picture(self) -> str:
        """The picture the page shows again, whether or not the form is right."""
        return self.picture() if self.is_bound else str(self.initial.get("kept_image", ""))
