"""What is written around a review: to the team, then to the author (P5)."""

from typing import Any

from django.template.loader import render_to_string

from levier.foundation.accounts.mails import send_account_mail
from levier.foundation.messaging.rules.addresses import absolute, petition_link
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.queries import desk_slug
from levier.gathering.petitions.rules.reviewers import reviewers_of


def send_to_moderate(petition: Petition, words: Version) -> None:
    """To everyone of the team who may approve it."""
    context = {**_context(petition, words), "link": _desk(petition, "relecture/")}
    for reviewer in reviewers_of(petition):
        _send("to_moderate", reviewer.email, context)


def send_approval(petition: Petition, words: Version) -> None:
    """To the author: it is open."""
    context = {**_context(petition, words), "link": petition_link(desk_slug(petition))}
    _send("approved", petition.author.email, context)


def send_refusal(petition: Petition, words: Version, reason: str) -> None:
    """To the author: why, and where the text is."""
    context = {**_context(petition, words), "reason": reason, "link": _desk(petition, "modifier/")}
    _send("refused", petition.author.email, context)


def _context(petition: Petition, words: Version) -> dict[str, Any]:
    return {
        "title": words.title,
        "author": str(petition.author),
        "organisation": petition.campaign.organisation.name,
    }


def _desk(petition: Petition, page: str) -> str:
    return absolute(f"/tableau-de-bord/petitions/{desk_slug(petition)}/{page}")


def _send(name: str, to: str, context: dict[str, Any]) -> None:
    send_account_mail(
        to=to,
        subject=render_to_string(f"mail/petitions/{name}.subject.txt", context),
        text=render_to_string(f"mail/petitions/{name}.txt", context),
    )
