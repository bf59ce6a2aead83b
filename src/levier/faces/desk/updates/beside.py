"""What is said beside a draft: when it may leave, what repeats, what to do when nothing happens."""

from datetime import datetime
from typing import Any

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.forms.reminder import ReminderForm
from levier.gathering.updates.queries.windows import next_window
from levier.gathering.updates.rules.advice import quiet_time_advice, variety
from levier.gathering.updates.rules.gates import Desk


def beside(desk: Desk, *, now: datetime) -> dict[str, Any]:
    """The column beside the composer."""
    update, ask = desk.update, desk.ask
    told = advice_for(desk.place.petition, now=now, kind=update.kind, ask=ask.kind)
    return {**told, "reminder": ReminderForm(now=now, initial={"day": update.remind_at})}


def advice_for(
    petition: Petition, *, now: datetime, kind: str = "", ask: str = ""
) -> dict[str, Any]:
    """The guard (U22), variety (U10), and what to do when nothing happens (U11)."""
    return {
        "next": next_window(petition, now=now),
        "variety": variety(petition, now=now, kind=kind, ask=ask),
        "quiet": quiet_time_advice(petition),
    }
