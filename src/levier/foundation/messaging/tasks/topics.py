"""Amazon SNS sends its notices once an address that it gave was opened."""

import logging
import re

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from levier.foundation.common.safe_http import Unreachable, fetch

log = logging.getLogger(__name__)
AMAZON = re.compile(r"https://sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/\?[\w=&%.:/+-]+")
XML = ("text/xml", "application/xml")


@app.task(name="messaging.accept_topic", retry=RetryStrategy(max_attempts=5, exponential_wait=5))
def accept_topic(address: str) -> None:
    """Open it, if it is Amazon's. Opened twice, it is accepted once."""
    if not AMAZON.fullmatch(address):
        log.warning("not an address of Amazon SNS: nothing is opened")
        return
    try:
        fetch(address, kinds=XML)
    except Unreachable:
        log.warning("Amazon SNS could not be reached; another try follows")
        raise
