from django.db.models import QuerySet

from levier.foundation.messaging.models.route import DomainPace, RouteState


def stopped_routes() -> QuerySet[RouteState]:
    """Lanes whose route waits for a person, the longest stopped first."""
    return RouteState.objects.filter(stopped_at__isnull=False).order_by("stopped_at")


def slow_domains() -> QuerySet[DomainPace]:
    """Domains that asked to be written to more slowly, the slowest first."""
    return DomainPace.objects.order_by("rate", "domain")
