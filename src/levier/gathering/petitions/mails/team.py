"""What the team is told once, with what to do next: a goal reached, a closing date near."""

from typing import Any

from django.template.loader import render_to_string

from levier.foundation.accounts.mails import send_account_mail
from levier.foundation.campaigns.enums import Right
from levier.foundation.campaigns.rules import users_with
from levier.foundation.messaging.rules.addresses import absolute
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.queries import desk_slug, latest_title
from levier.gathering.petitions.rules.goals import next_threshold


def send_goal_reached(petition: Petition, *, threshold: int) -> None:
    """« 1 000 signatures », and what comes after."""
    goal = next_threshold(threshold)
    _send("goal_reached", petition, {"threshold": threshold, "goal": goal})


def send_closing_soon(petition: Petition) -> None:
    """The last days to sign, and what can still be done."""
    _send("closing_soon", petition, {"closes_at": petition.closes_at})


def _send(name: str, petition: Petition, context: dict[str, Any]) -> None:
    """To everyone who may edit it."""
    context = {
        **context,
        "title": latest_title(petition),
        "link": absolute(f"/tableau-de-bord/petitions/{desk_slug(petition)}/"),
    }
    subject = render_to_string(f"mail/petitions/{name}.subject.txt", context)
    text = render_to_string(f"mail/petitions/{name}.txt", context)
    for user in users_with(Right.EDIT, petition.campaign):
        send_account_mail(to=user.email, subject=subject, text=text)
