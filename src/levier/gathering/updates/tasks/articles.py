"""Reading the article that an update shows."""

from procrastinate.contrib.django import app

from levier.gathering.petitions.channels.press_page import Unreachable, read_press_page
from levier.gathering.updates.actions.attach_press_link import READ, keep_article
from levier.gathering.updates.rules.card import Card


@app.task(name=READ)
def read_article(*, update: int, url: str) -> None:
    """Outside of any transaction: none waits for somebody else's server (U5)."""
    try:
        found = read_press_page(url)
    except Unreachable:
        keep_article(update=update, url=url, card=None)
    else:
        keep_article(update=update, url=url, card=Card(**vars(found)))
