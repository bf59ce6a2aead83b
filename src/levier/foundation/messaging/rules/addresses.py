"""The public addresses that mails carry: fixed paths of the contract, in one place."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from levier.foundation.common.tokens import seal, unseal

UNSUBSCRIBE = "unsubscribe"
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


def unsubscribe_token(*, person: int, purpose: str, now: datetime) -> str:
    """What an unsubscribe link carries. It never expires: leaving always works."""
    return seal(UNSUBSCRIBE, [person, purpose], now=now)


def unsubscription_in(token: str, *, now: datetime) -> tuple[int, str]:
    """The person and the purpose a link unsubscribes from. Raises BadToken."""
    (person, purpose), _ = unseal(UNSUBSCRIBE, token, now=now)
    return int(person), str(purpose)


def unsubscribe_link(token: str) -> str:
    """The page, and the one-click target of RFC 8058."""
    return absolute(f"/desabonnement/{token}/")
