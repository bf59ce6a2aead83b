"""The application that is served: the front, and Django behind it."""

import gc
from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from levier.faces.public.front.asgi import Application, Receive, Scope, Send
from levier.faces.public.front.cache import PageCache
from levier.faces.public.front.patience import Answered
from levier.faces.public.front.places import Places
from levier.faces.public.front.sign import Signing, is_address
from levier.gathering.signing.intake.queue import Intake, utc_now


class Front:
    """ASGI: signatures and public pages are answered here, everything else by Django."""

    def __init__(self, django: Application, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._django, self._clock = django, clock
        self._pages = PageCache(Answered(django))
        self._signing: Signing | None = None
        self._intake: Intake | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and is_address(scope["path"]):
            await (await self._ready())(scope, receive, send)
        elif scope["type"] == "http":
            await self._pages(scope, receive, send)
        else:
            await self._django(scope, receive, send)

    async def start(self) -> None:
        """Open the intake. Servers without lifespan get it with the first signature."""
        self._intake = Intake(rate_limits=settings.RATE_LIMITS, clock=self._clock)
        self._signing = Signing(self._intake, Places(self._intake), self._django, self._clock)
        await self._intake.start()
        gc.collect()
        gc.freeze()  # what was loaded stays: it need not be looked at again and again

    async def stop(self) -> None:
        """Write what was accepted, then close."""
        if self._intake is not None:
            await self._intake.stop()
        self._intake = self._signing = None

    async def _ready(self) -> Signing:
        if self._signing is None:
            await self.start()
        assert self._signing is not None
        return self._signing

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            elif event["type"] == "lifespan.shutdown":
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return
