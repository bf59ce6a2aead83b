"""Somebody at `/lancer/`, without JavaScript: what they type at each step."""

import re
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from levier.gathering.petitions.models.launch import LaunchDraft
from tests.account_mails import queued_account_mails

WHO = {
    "subject": "arbres place du Marché",
    "theme": "environnement",
    "search": "maire de Valmont",
    "who_honorific": "M.",
    "who_name": "Loïc Le Goff",
    "who_post": "Maire",
    "who_institution": "Ville de Valmont",
}
ASK = {"ask": "Que la Ville plante vingt arbres place du Marché avant mars 2027."}
WHY = {"story": "Il fait **41 degrés** l’été.\n\nLes bancs sont vides dès midi."}
LOOK = {"title": "Des arbres place du Marché"}
OWN = {
    "carrier": "+",
    "legal_name": "Collectif du Marché",
    "postal_address": "1 place du Marché, 00000 Valmont",
    "answers": "on",
}
ME = {"name": "Nadia Ferrand", "email": "nadia@courriel.example"}
STEPS = {"": WHO, "demande/": ASK, "pourquoi/": WHY, "image/": LOOK}


def png(size: tuple[int, int] = (80, 60)) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", size, "green").save(out, "PNG")
    return SimpleUploadedFile("arbres.png", out.getvalue(), "image/png")


def write(client: Client, **changes: dict[str, Any]) -> None:
    """The first four steps, in order."""
    client.get("/lancer/")
    for path, typed in STEPS.items():
        answer = client.post(f"/lancer/{path}", {**typed, **changes.get(path.rstrip("/"), {})})
        assert answer.status_code == 303, answer.text


def code_for(address: str) -> str:
    """The last code that was sent there."""
    mails = [mail for mail in queued_account_mails() if mail["to"] == address]
    found = re.findall(r"^[A-Z0-9]{3,}(?:-[A-Z0-9]+)*$", mails[-1]["text"], re.MULTILINE)
    assert found, mails[-1]["text"]
    return str(found[0])


def publish(client: Client, carrier: dict[str, str] = OWN, **me: str) -> Any:
    """The last step and the code; the answer is the one to the code."""
    me = {**ME, **me}
    answer = client.post("/lancer/relire/", {**carrier, **me, "act": "suite"})
    assert answer["Location"] == "/lancer/code/", answer.text
    return client.post("/lancer/code/", {"code": code_for(me["email"].lower())})


def only_draft() -> LaunchDraft:
    return LaunchDraft.objects.get()
