"""The main job, played once for real: HTTP to the site, SMTP to the mailbox, each step told."""

import json
import re
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from levier.foundation.common.typography import number, ordinal
from levier.foundation.people.models.person import ContactPoint
from levier.project.demo.content import ORGANISATIONS, PAROLE, PASSWORD, STRANGER

PAUL = {
    "first_name": "Paul",
    "last_name": "Tremblay",
    "email": "paul.tremblay@courriel.example",
    "country": "FR",
    "consent_updates": "on",
    "comment": "Jacques m’a envoyé ce lien. On ne met pas quelqu’un en prison pour un blog.",
    "show_name": "on",
}
PATIENCE = 20.0  # seconds for the mail and for the count; it normally takes less than two
_CONFIRMATION = re.compile(r"/confirmer/[\w-]+/")


class PlayStopped(Exception):
    """A step did not do what it must. Carries the French sentence to print."""


def play() -> bool:
    """Play the main job, or say that it was; then tell the addresses. False if a step failed."""
    try:
        if ContactPoint.objects.filter(canonical=PAUL["email"]).exists():
            _tell("La démonstration a déjà été jouée : ses données sont là.")
        else:
            _play()
    except PlayStopped as stop:
        _tell(f"La démonstration s’arrête ici : {stop}")
        return False
    _welcome()
    return True


def _play() -> None:
    page = f"/petitions/{PAROLE.slug}/"
    before = _count(page)
    _tell(f"1. La pétition « {PAROLE.title} » compte {number(before['signatures'])} signatures.")
    signed = _sign(page)
    figure = "".join(ordinal(signed["number"]))
    _tell(f"2. Paul signe. Réponse immédiate : « Vous êtes la {figure} personne à signer »")
    asked = time.monotonic()
    mail = _wait(lambda: _mail_to(PAUL["email"]), "le courriel de remerciement n’arrive pas.")
    seconds = f"{time.monotonic() - asked:.1f}".replace(".", ",")
    _tell(f"3. Il est remercié par courriel, {seconds} s plus tard : « {mail['subject']} »")
    link = _CONFIRMATION.search(mail["text"])
    if link is None:
        raise PlayStopped("le courriel ne porte pas de lien de confirmation.")
    _expect(_ask("GET", link[0]), 200)
    _tell("4. Il ouvre le lien du courriel : rien ne change tant qu’il n’a pas appuyé.")
    _expect(_ask("POST", link[0], {}), 200, 302, 303)
    _tell("5. Il appuie sur « Je confirme ma signature »")
    after = _wait(lambda: _moved(page, before), "le décompte ne bouge pas.")
    _tell(
        f"6. Le décompte passe à {number(after['signatures'])} signatures, "
        f"dont {number(after['confirmed'])} confirmées."
    )


def _sign(page: str) -> Any:
    response, body = _ask("POST", f"{page}signer/", PAUL, Accept="application/json")
    if response.status != 201:
        raise PlayStopped(f"la signature est refusée ({response.status}).")
    return json.loads(body)


def _count(page: str) -> Any:
    response, body = _ask("GET", f"{page}compteur.json")
    if response.status != 200:
        raise PlayStopped(f"le décompte ne répond pas ({response.status}).")
    return json.loads(body)


def _moved(page: str, before: dict[str, int]) -> Any | None:
    now = _count(page)
    moved = now["signatures"] == before["signatures"] + 1
    return now if moved and now["confirmed"] == before["confirmed"] + 1 else None


def _mail_to(address: str) -> Any | None:
    response, body = _ask("GET", "/demo/courrier.jsonl")
    if response.status != 200:
        raise PlayStopped(f"la boîte aux lettres ne répond pas ({response.status}).")
    mails = (json.loads(line) for line in body.splitlines())
    return next((mail for mail in mails if address in mail["to"]), None)


def _wait(found: Callable[[], Any | None], otherwise: str) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if (it := found()) is not None:
            return it
        time.sleep(0.2)
    raise PlayStopped(otherwise)


def _expect(answer: tuple[HTTPResponse, bytes], *statuses: int) -> None:
    if answer[0].status not in statuses:
        raise PlayStopped(f"le site répond {answer[0].status}.")


def _ask(
    method: str, path: str, fields: dict[str, str] | None = None, **headers: str
) -> tuple[HTTPResponse, bytes]:
    site = urlsplit(settings.BASE_URL)
    connection = HTTPConnection(site.hostname or "127.0.0.1", site.port or 80, timeout=10)
    if fields is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, urlencode(fields or {}) or None, headers)
        response = connection.getresponse()
        return response, response.read()
    except OSError as error:
        raise PlayStopped("le site ne répond pas.") from error
    finally:
        connection.close()


def _welcome() -> None:
    base = settings.BASE_URL
    _tell("")
    _tell(f"Le site        {base}/")
    for organisation in ORGANISATIONS:
        for petition in organisation.petitions:
            _tell(f"               {base}/petitions/{petition.slug}/")
    _tell(f"Le courrier    {base}/demo/courrier/")
    _tell(f"Le bureau      {base}/connexion/   (mot de passe : {PASSWORD})")
    for organisation in ORGANISATIONS:
        for member in organisation.members:
            role = member.role.label.lower()
            _tell(f"               {member.email:<29} {role}, « {organisation.name} »")
    _tell(f"               {STRANGER[0]:<29} n’appartient à aucune organisation")
    _tell("")


def _tell(line: str) -> None:
    print(line, file=sys.stdout, flush=True)
