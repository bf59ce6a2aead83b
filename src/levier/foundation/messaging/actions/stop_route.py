from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.messaging.models.route import RouteState

REPLY_LENGTH = 300


@transaction.atomic
def stop_route(*, route: str, lane: str, reply: str, now: datetime) -> None:
    """Give a lane's route nothing more until a person restarts it (J21); twice is the same.

    Nobody is marked: what it refused is in the queue again.
    """
    RouteState.objects.update_or_create(
        route=route, lane=lane, defaults={"stopped_at": now, "reply": reply[:REPLY_LENGTH]}
    )


@transaction.atomic
def restart_route(*, route: str, lane: str, by: User, now: datetime) -> None:
    """The route's fault is mended, says a person: it serves the lane again."""
    RouteState.objects.filter(route=route, lane=lane, stopped_at__isnull=False).update(
        stopped_at=None, restarted_at=now, restarted_by=by
    )
