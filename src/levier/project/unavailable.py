"""The page of an error that no view answered: 503 when the database is away, 500 otherwise."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from psycopg_pool import PoolTimeout

from levier.faces.public.refusal import refusal_of

RETRY_AFTER = 5  # seconds
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)


def error_page(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: needs neither the database nor the request's context."""
    if isinstance(sys.exception(), DATABASE_AWAY):
        # A signature on its way comes back in the page, ready to be sent again.
        again = {"refusal": refusal_of(request), "address": request.path}
        response = HttpResponse(render_to_string("errors/unavailable.html", again), status=503)
        response["Retry-After"] = str(RETRY_AFTER)
    else:
        response = HttpResponse(render_to_string("errors/failure.html"), status=500)
    response["Cache-Control"] = "no-store"
    return response
