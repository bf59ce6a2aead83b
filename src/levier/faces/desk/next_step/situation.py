"""What is known of a petition when somebody looks at its dashboard, and what is advised."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from levier.gathering.petitions.enums import FINISHED, PetitionState

FEW = 10  # signatures that come from people who know us
MANY = 100
NEAR = 10  # a milestone is near when a tenth of it, at most, is missing
SOON = timedelta(days=7)
HALF = 2
TENTH = 10


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the dashboard knows of a petition when somebody looks at it."""

    slug: str
    state: str
    now: datetime
    total: int
    confirmed: int
    held: int
    waiting_comments: int
    goal: int
    this_week: int
    may_edit: bool
    may_moderate: bool
    alerts: int = 0
    closes_at: datetime | None = None
    has_victory: bool = False
    has_image: bool = True
    has_addressee: bool = True
    has_paper: bool = True
    has_partner: bool = True
    has_featured: bool = True
    has_press: bool = True
    has_translation: bool = True
    has_contact: bool = True
    abroad: int = 0
    silence: str = ""  # said when signatories had no news for long (U12)


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What to do, why now, and where. `key` is what it is put off under."""

    key: str
    title: str
    why: str
    label: str
    address: str


Advice = Callable[[Situation], NextStep | None]


def is_over(now: Situation) -> bool:
    """Nothing more is gathered."""
    return now.state in FINISHED or now.state == PetitionState.REMOVED


def share_address(now: Situation) -> str:
    """Where the link and the QR code are."""
    return f"{reverse('desk_petition', args=[now.slug])}#partager"
