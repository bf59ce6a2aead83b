"""A lane stopped or let go by hand, for the whole site; written in the log of who holds it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.messaging.actions.stop_route import restart_route, stop_route


@transaction.atomic
def stop_lane(
    *, route: str, lane: str, organisation: Organisation, by: User, now: datetime
) -> None:
    """Let nothing more leave by this lane until somebody restarts it."""
    words = _("Arrêtée à la main par %(who)s.") % {"who": by}
    stop_route(route=route, lane=lane, reply=words, now=now)
    body = {"act": "messaging.stop_lane", "lane": lane}
    append_audit(scope=organisation.pk, body=body, by=by.pk, now=now)


@transaction.atomic
def restart_lane(
    *, route: str, lane: str, organisation: Organisation, by: User, now: datetime
) -> None:
    """What refused is mended: what waits leaves again."""
    restart_route(route=route, lane=lane, by=by, now=now)
    body = {"act": "messaging.restart_lane", "lane": lane}
    append_audit(scope=organisation.pk, body=body, by=by.pk, now=now)
