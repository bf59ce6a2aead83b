"""What somebody types of an update and of its ask, between a form and an action."""

from dataclasses import dataclass, field
from datetime import datetime

from levier.gathering.updates.queries.audience import Audience


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the news says, and to whom. `body` is HTML, cleaned again when it is kept."""

    kind: str
    title: str = ""
    body: str = ""
    audience: Audience = field(default_factory=Audience)


@dataclass(frozen=True, kw_only=True)
class AskWords:
    """The one ask. What its kind has no use for is left out when it is kept."""

    kind: str
    label: str = ""
    instructions: str = ""
    suggested_text: str = ""
    contact: int | None = None  # `directory.ContactDetail`, public and professional
    event_type: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    zone: str = ""
    place: str = ""
    place_is_public: bool = True
    capacity: int | None = None
    closes_at: datetime | None = None
