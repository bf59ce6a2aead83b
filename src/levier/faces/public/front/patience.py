"""A request that does not arrive whole: waited for a while, then answered."""

import asyncio
from typing import Any

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


class Patience:
    """Waits so long for the next piece of a body, then says that the visitor left.

    Whoever opens connections and sends nothing more would take the places of all the others. One
    look at all who wait, now and then: a timer for each would cost a signature a twentieth.
    """

    def __init__(self, seconds: float = LONGEST_SILENCE) -> None:
        self._seconds = seconds
        self._waiting: dict[Patient, float] = {}
        self._looking = False

    def for_body(self, receive: Receive) -> "Patient":
        """A `receive` of this patience, for one request."""
        return Patient(receive, self)

    def begin(self, patient: "Patient") -> None:
        """Somebody waits from now on."""
        loop = asyncio.get_running_loop()
        self._waiting[patient] = loop.time() + self._seconds
        if not self._looking:
            self._looking = True
            loop.call_later(self._seconds / 10, self._look, loop)

    def end(self, patient: "Patient") -> None:
        """They wait no more."""
        self._waiting.pop(patient, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for patient in [one for one, until in self._waiting.items() if until < now]:
            patient.give_up()
        self._looking = bool(self._waiting)
        if self._looking:
            loop.call_later(self._seconds / 10, self._look, loop)


class Patient:
    """One request's `receive`."""

    __slots__ = ("_late", "_patience", "_receive", "_task", "_whole")

    def __init__(self, receive: Receive, patience: Patience) -> None:
        self._receive, self._patience = receive, patience
        self._whole = self._late = False
        self._task: asyncio.Task[Any] | None = None

    async def __call__(self) -> Event:
        if self._whole:  # nothing more comes but the news that the visitor leaves
            return await self._receive()
        self._task = asyncio.current_task()
        self._patience.begin(self)
        try:
            event = await self._receive()
        except asyncio.CancelledError:
            if not self._late or self._task is None or self._task.uncancel():
                raise
            return {"type": "http.disconnect"}
        finally:
            self._patience.end(self)
        self._whole = not event.get("more_body")
        return event

    def give_up(self) -> None:
        """Wait no longer."""
        if self._task is not None and not self._late:
            self._late = True
            self._task.cancel()


class Answered:
    """ASGI around `inside`, which says nothing to a visitor whose body was cut: we do."""

    def __init__(self, inside: Application) -> None:
        self._inside = inside
        self._patience = Patience()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and see that it gets an answer."""
        begun = False

        async def watched(event: Event) -> None:
            nonlocal begun
            begun = True
            await send(event)

        await self._inside(scope, self._patience.for_body(receive), watched)
        if not begun:
            await send_whole(send, cut_short())
