"""Django behind ASGI, one hop to a thread per request."""

from collections.abc import AsyncIterator, Iterator
from typing import cast

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase


class SyncStackHandler(ASGIHandler):
    """Our views and middleware are synchronous: running the whole stack in one thread spares the
    two hops that Django's own asynchronous stack makes at every middleware.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """Build the synchronous stack, whatever is asked."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the request's own thread; what streams goes out piece by piece."""
        response = await sync_to_async(self.get_response, thread_sensitive=True)(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            pieces = cast("Iterator[bytes]", response.streaming_content)
            response.streaming_content = _piece_by_piece(pieces)
        return response


async def _piece_by_piece(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The same pieces, each made in the request's thread, never all in memory."""

    def take() -> bytes | None:
        return next(pieces, None)

    while (piece := await sync_to_async(take, thread_sensitive=True)()) is not None:
        yield piece


def django_application() -> SyncStackHandler:
    """Django, set up and ready to answer."""
    django.setup(set_prefix=False)
    return SyncStackHandler()
