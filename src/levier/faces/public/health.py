"""Is it alive, is it ready, how much of what: for who watches the machine."""

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from psycopg_pool import PoolTimeout

from levier.faces.public.metrics import REGISTRY

WORKER_SILENT = 60  # seconds without a heartbeat
HEARTBEAT = """
SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM procrastinate_workers
"""


@transaction.non_atomic_requests
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """This process answers; asks nothing of anything else."""
    return _never_kept(HttpResponse("vivant\n", content_type="text/plain; charset=utf-8"))


@transaction.non_atomic_requests
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether visitors can be served: 200 when the database answers, else 503.

    The worker is told, and does not decide: without it people still sign, mails wait.
    """
    try:
        silence = _worker_silence()
    except (DatabaseError, PoolTimeout):
        return _never_kept(JsonResponse({"base": "absente"}, status=503))
    beating = silence is not None and silence < WORKER_SILENT
    return _never_kept(
        JsonResponse({"base": "prete", "taches": "pretes" if beating else "absentes"})
    )


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus, where it is switched on."""
    if not settings.METRICS:
        raise Http404
    return _never_kept(HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST))


def _worker_silence() -> float | None:
    with connection.cursor() as cursor:
        cursor.execute(HEARTBEAT)
        row = cursor.fetchone()
    return row[0] if row else None


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
