"""What surrounds every view. Django opens its transaction (`ATOMIC_REQUESTS`); we say its kind.

A view whose answer streams after its transaction, or an async one, is marked with Django's own
`transaction.non_atomic_requests` and opens what it needs.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def say_what_is_not_allowed(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Django answers a wrong method with an empty page: whoever opens the address of a button
    again is told what to do. The answer of a program (`Allow`) stays."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render_to_string("errors/wrong_method.html").encode()
        return response

    return middleware


def transaction_per_request(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """GET reads, POST writes: PostgreSQL itself refuses a write in a GET, HEAD or OPTIONS view.

    What happens around the view is not concerned: a session may be saved after it.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE_METHODS:
            return get_response(request)
        with connection.execute_wrapper(ReadOnlyView()):
            return get_response(request)

    return middleware


class ReadOnlyView:
    """Makes the view's transaction READ ONLY just before its first query."""

    def __init__(self) -> None:
        self.said = False

    def __call__(
        self,
        execute: Callable[..., Any],
        query: str,
        params: object,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        opening = query.startswith("SAVEPOINT")  # a test's transaction holds ours as a savepoint
        if not self.said and not opening and context["connection"].in_atomic_block:
            self.said = True
            context["cursor"].execute("SET TRANSACTION READ ONLY")
        return execute(query, params, many, context)
