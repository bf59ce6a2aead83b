"""The most useful first: what blocks, then what moves the petition on, then what can wait."""

from collections.abc import Collection, Iterable

from levier.faces.desk.next_step.news import tell_news
from levier.faces.desk.next_step.situation import Advice, NextStep, Situation
from levier.faces.desk.next_step.spreading import (
    carry_on,
    first_signatures,
    near_goal,
    paper,
    partner,
    press,
    quiet,
)
from levier.faces.desk.next_step.stage import closing, decided, finished, publish, reopen
from levier.faces.desk.next_step.text import addressee, contact, feature, image, translation
from levier.faces.desk.next_step.waiting import alerts_raised, comments, few_held, many_held

OTHERS = 4  # suggestions after the first


def next_steps(now: Situation, postponed: Collection[str] = ()) -> list[NextStep]:
    """All that applies and was not put off, the most urgent first; never none."""
    found = _applying(ADVICE, now, postponed) or [carry_on(now)]
    return [*found[:OTHERS], *_applying((decided,), now, postponed)]


def next_step(now: Situation) -> NextStep:
    """The first of them."""
    return next_steps(now)[0]


def _applying(
    advice: Iterable[Advice], now: Situation, postponed: Collection[str]
) -> list[NextStep]:
    return [step for advise in advice if (step := advise(now)) and step.key not in postponed]


#: In the order of a campaign: what blocks first, then what moves it on, then what can wait.
ADVICE: tuple[Advice, ...] = (
    publish,
    finished,
    reopen,
    alerts_raised,
    many_held,
    comments,
    few_held,
    addressee,
    first_signatures,
    closing,
    near_goal,
    tell_news,
    quiet,
    translation,
    image,
    contact,
    paper,
    feature,
    partner,
    press,
)
#: What may be put off, by its key: everything but going on.
_FIRST = ("publish", "review", "reopen", "alerts", "held", "comments", "addressee")
_THEN = ("circle", "closing", "goal", "news", "quiet", "image", "paper", "feature", "partner")
_ALSO = ("translation", "contact", "press")
_LAST = ("victory", "outcome", "tell", "result")
POSTPONABLE = frozenset({*_FIRST, *_THEN, *_ALSO, *_LAST})
