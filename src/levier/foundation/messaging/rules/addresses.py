"""The public addresses that mails carry: fixed paths of the contract, in one place."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from levier.foundation.common.tokens import seal, unseal

UNSUBSCRIBE = "unsubscribe"
PREFERENCES = "preferences"
PREFERENCES_AGE = timedelta(days=30)
IP_ADDRESS = re.compile(r"[\d.]+|.*:.*")


def absolute(path: str) -> str:
    """The whole address of a path of this site."""
    return f"{settings.BASE_URL}{path}"


def site_host() -> str:
    """The site's name, as `petitions.exemple.fr`."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def mail_host() -> str:
    """What follows the @ in addresses of the site's own: its name, never an IP address."""
    host = site_host()
    return "localhost" if IP_ADDRESS.fullmatch(host) else host


def route_address() -> str:
    """Where mail is handed over: smtp://, smtp+tls:// or smtps://."""
    return str(settings.EMAIL_URL)


def petition_link(slug: str) -> str:
    """The petition's page."""
    return absolute(f"/petitions/{slug}/")


def share_link(code: str) -> str:
    """A signatory's own link to the petition."""
    return absolute(f"/s/{code}")


def confirmation_link(token: str) -> str:
    """The page with the button that confirms, and the one that disowns."""
    return absolute(f"/confirmer/{token}/")


def my_link(token: str) -> str:
    """What I signed and agreed to."""
    return absolute(f"/moi/{token}/")


def new_address_link(token: str) -> str:
    """The page with the button that makes a new address one's own."""
    return absolute(f"/moi/nouvelle-adresse/{token}/")


class Unsubscription(NamedTuple):
    """What an unsubscribe link is for."""

    person: int
    purpose: str
    scope: str  # "petition:12" for the news of that petition; "" for all that the purpose says
    message: int | None  # which the link came with
    at: datetime  # when the link was made


def unsubscribe_token(
    *, person: int, purpose: str, scope: str = "", message: int | None = None, now: datetime
) -> str:
    """What an unsubscribe link carries. It never expires: leaving always works."""
    return seal(UNSUBSCRIBE, [person, purpose, scope, message], now=now)


def unsubscription_in(token: str, *, now: datetime) -> Unsubscription:
    """What a link unsubscribes from: links of before name neither petition nor message. Raises
    BadToken."""
    (person, purpose, *more), at = unseal(UNSUBSCRIBE, token, now=now)
    scope, message = more or ("", None)
    return Unsubscription(person, purpose, scope, message, at)


def preferences_token(*, person: int, now: datetime) -> str:
    """The token of `/preferences/<token>/`. From a mail's link `now` is when that mail was written:
    a page that never expires must not open one that does."""
    return seal(PREFERENCES, person, now=now)


def preferences_in(token: str, *, now: datetime) -> int:
    """The person whose choices a link opens. Raises ExpiredToken, BadToken."""
    person, _ = unseal(PREFERENCES, token, now=now, max_age=PREFERENCES_AGE)
    return int(person)


def stopping_in(token: str, *, now: datetime) -> int:
    """The same, however old: enough to stop everything, never to see or to change anything else.
    Raises BadToken."""
    person, _ = unseal(PREFERENCES, token, now=now)
    return int(person)


def unsubscribe_link(token: str) -> str:
    """The page, and the one-click target of RFC 8058."""
    return absolute(f"/desabonnement/{token}/")
