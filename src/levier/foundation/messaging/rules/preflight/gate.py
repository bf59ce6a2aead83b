"""What stands between an organisation and its first mail in number (J23)."""

from datetime import datetime, timedelta

from django.conf import settings

from levier.foundation.accounts.models import Organisation
from levier.foundation.common.typography import day
from levier.foundation.messaging.models.preflight import Preflight
from levier.foundation.messaging.rules.addresses import mail_host, route_address
from levier.foundation.messaging.rules.mailboxes import mailbox
from levier.foundation.messaging.rules.preflight.checks import Check, check_of
from levier.foundation.messaging.rules.preflight.dns import RESERVED, Sender
from levier.foundation.messaging.rules.return_path import bounce_domain

LONGEST_RUN = timedelta(minutes=2)
FRESH = timedelta(days=30)


def sender_domain(organisation: Organisation) -> str:
    """What follows the @ of the address that mails come from, in A-labels."""
    return mailbox(organisation.sender_email).address.rpartition("@")[2].lower()


def sender_of(organisation: Organisation) -> Sender:
    """Who is looked at for an organisation."""
    domain = sender_domain(organisation)
    return Sender(
        domain=domain,
        returns=bounce_domain() or domain,
        host=_handing_over(),
        selectors=settings.DKIM_SELECTORS,
    )


def preflight_of(organisation: Organisation, *, now: datetime) -> list[Check]:
    """What was found of the sender, the worst first; the postal address is looked at now.

    Nothing may leave in number while one of them `blocks`. Reads one row, asks nothing of the DNS:
    `actions.preflight.ask_for_preflight` does, in the worker.
    """
    return sorted(
        [_address(organisation), *_kept(organisation, now)], key=lambda one: -one.gravity.value
    )


def is_running(row: Preflight | None, *, now: datetime) -> bool:
    """Whether a check was asked for, and may still end."""
    if row is None or (row.checked_at is not None and row.checked_at >= row.asked_at):
        return False
    return now - row.asked_at < LONGEST_RUN


def _address(organisation: Organisation) -> Check:
    address = " ".join(organisation.postal_address.split())
    return check_of("address_ok" if address else "address_missing", {"address": address})


def _kept(organisation: Organisation, now: datetime) -> list[Check]:
    domain = sender_domain(organisation)
    if RESERVED.fullmatch(domain):
        return [check_of("domain_example", {"domain": domain})]
    row = Preflight.objects.filter(organisation=organisation).first()
    if row is None or row.checked_at is None:
        return [check_of("never_checked", {})]
    if row.domain != domain:
        return [check_of("other_domain", {"domain": domain})]
    if now - row.checked_at > FRESH:
        return [check_of("too_old", {"day": day(row.checked_at)})]
    return [
        check_of(reason, values, waived=reason in row.waived) for reason, values in row.findings
    ]


def _handing_over() -> str:
    """The server that the world sees, as far as is known here: the one mail is handed to, or,
    when that is this machine, the site's."""
    host = route_address().partition("://")[2].rpartition("@")[2]
    name = host.rpartition(":")[0] if ":" in host else host
    local = name in {"localhost", "127.0.0.1", "[::1]", ""}
    return mail_host() if local else name.strip("[]")
