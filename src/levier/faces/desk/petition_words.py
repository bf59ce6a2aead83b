"""What the editor shows beside the words of a petition, whoever writes them."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from levier.gathering.petitions.errors import AskFrozen, PetitionError, PolicyFrozen, SlugTaken
from levier.gathering.petitions.forms.petition import PetitionForm
from levier.gathering.petitions.rules.concreteness import concreteness

#: Which field an error is about.
FIELDS: dict[type[PetitionError], str] = {
    AskFrozen: "ask",
    PolicyFrozen: "count_policy",
    SlugTaken: "slug",
}


def beside(form: PetitionForm) -> dict[str, Any]:
    """What the page shows beside the fields: hints once a demand is typed, the picture kept."""
    asked = {"hx-get": reverse("desk_hints"), "hx-trigger": "input changed delay:600ms"}
    form.fields["ask"].widget.attrs.update({**asked, "hx-target": "#conseils"})
    ask = str(form["ask"].value() or "").strip()
    kept = form.kept_picture()
    return {
        "missing": concreteness(ask) if ask else (),
        "typed": bool(ask),
        "kept_path": kept,
        "kept_image": f"{settings.MEDIA_URL}{kept}" if kept else "",
    }
