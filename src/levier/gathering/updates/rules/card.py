"""The card of a press article, as a draft keeps it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from levier.gathering.petitions.models.press_link import OUTLET_LENGTH, PRESS_TITLE_LENGTH


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is shown of an article; `image` is a path in the media."""

    title: str
    outlet: str
    day: date | None = None
    image: str = ""

    def kept(self) -> dict[str, Any]:
        """As the draft keeps it."""
        return {
            "title": self.title[:PRESS_TITLE_LENGTH],
            "outlet": self.outlet[:OUTLET_LENGTH],
            "day": self.day.isoformat() if self.day else "",
            "image": self.image,
        }


def card_in(kept: dict[str, Any]) -> Card:
    """The card a draft keeps; empty where nothing is known yet."""
    told = str(kept.get("day") or "")
    return Card(
        title=str(kept.get("title") or ""),
        outlet=str(kept.get("outlet") or ""),
        day=date.fromisoformat(told) if told else None,
        image=str(kept.get("image") or ""),
    )
