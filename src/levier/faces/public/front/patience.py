"""A request that does not arrive whole: waited for a while, then answered."""

import asyncio

from django.utils.translation import gettext as _

from levier.faces.public.front.asgi import (
    Application,
    Event,
    Receive,
    Scope,
    Send,
    Whole,
    send_whole,
)

LONGEST_SILENCE = 30.0  # seconds between two pieces of a body
HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


def cut_short() -> Whole:
    """What is said to somebody whose request was cut, should they still be there."""
    told = _("Votre envoi n’est pas arrivé en entier. Revenez en arrière, puis réessayez.")
    return Whole(400, HEADERS, told.encode())


class Patient:
    """A `receive` that waits so long for the next piece of a body, then says the visitor left.

    Whoever opens connections and sends nothing more would take the places of all the others.
    """

    def __init__(self, receive: Receive, seconds: float = LONGEST_SILENCE) -> None:
        self._receive, self._seconds = receive, seconds
        self._whole = False

    async def __call__(self) -> Event:
        if self._whole:  # nothing more comes but the news that the visitor leaves
            return await self._receive()
        try:
            async with asyncio.timeout(self._seconds):
                event = await self._receive()
        except TimeoutError:
            return {"type": "http.disconnect"}
        self._whole = not event.get("more_body")
        return event


class Answered:
    """ASGI around `inside`, which says nothing to a visitor whose body was cut: we do."""

    def __init__(self, inside: Application) -> None:
        self._inside = inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and see that it gets an answer."""
        begun = False

        async def watched(event: Event) -> None:
            nonlocal begun
            begun = True
            await send(event)

        await self._inside(scope, Patient(receive), watched)
        if not begun:
            await send_whole(send, cut_short())
