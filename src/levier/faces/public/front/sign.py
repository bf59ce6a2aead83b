"""`POST /petitions/<slug>/signer/`: read, check, hand to the intake, answer after the commit.

The same for `/integrer/<slug>/signer/`, the form in a frame on another site (P60).
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson
import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from levier.faces.public.front import body, refusals
from levier.faces.public.front.asgi import (
    Application,
    Receive,
    Scope,
    Send,
    Whole,
    header,
    no_body,
    send_whole,
)
from levier.faces.public.front.guards import guard
from levier.faces.public.front.origin import is_foreign, is_foreign_page
from levier.faces.public.front.patience import Patience, cut_short
from levier.faces.public.front.places import Places
from levier.faces.public.refusal import SCOPE_KEY, Refusal
from levier.foundation.common.network import client_network
from levier.foundation.common.typography import mask_email
from levier.gathering.signing.enums import SignatureSource
from levier.gathering.signing.errors import IntakeAway, IntakeBusy, NotSignable, SigningError
from levier.gathering.signing.intake.form import InvalidForm, parse_signature
from levier.gathering.signing.intake.place import Place
from levier.gathering.signing.intake.queue import Intake
from levier.gathering.signing.intake.rows import Answer, SignatureInput
from levier.gathering.signing.rules.guards import network_key
from levier.gathering.signing.rules.receipts import Receipt, seal_receipt

PREFIX, FRAMED, SUFFIX = "/petitions/", "/integrer/", "/signer/"
ADDRESS = re.compile(rf"(?:{PREFIX}|{FRAMED})[-a-zA-Z0-9_]+{SUFFIX}")  # what Django calls a slug
SAFE = frozenset({"GET", "HEAD"})
# The same for every signature, first or not (P17).
PRIVATE = [
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]
AS_JSON = [(b"content-type", b"application/json; charset=utf-8"), *PRIVATE]
DROPPED = frozenset({b"content-type", b"content-length", b"transfer-encoding", b"cookie"})

log = structlog.get_logger(__name__)


class Signing:
    """The lean path. `django` gives the page back when a signature is refused."""

    def __init__(
        self, intake: Intake, places: Places, django: Application, clock: Callable[[], datetime]
    ) -> None:
        self._intake, self._places, self._django, self._clock = intake, places, django, clock
        self._patience = Patience()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request to the address."""
        path, method = scope["path"], scope["method"]
        if method != "POST":
            await send_whole(send, _to_the_page(path) if method in SAFE else _not_allowed())
            return
        try:
            answer = await self._answer(_slug(path), scope, receive)
        except body.Disconnected:  # or what came is no HTTP: who is still there is told
            await send_whole(send, cut_short())
            return
        except IntakeAway as error:
            answer = Refusal(status=503, message=str(error), retry_after=refusals.A_MINUTE)
        except Exception:
            log.exception("signing.front.failed")
            answer = Refusal(status=503, message=str(IntakeBusy()), retry_after=refusals.A_MINUTE)
        if isinstance(answer, Whole):
            await send_whole(send, answer)
        else:
            await self._refuse(answer, scope, send)

    async def _answer(self, slug: str, scope: Scope, receive: Receive) -> Whole | Refusal:
        if is_foreign(scope, settings.BASE_URL) or (_framed(scope) and is_foreign_page(scope)):
            return refusals.foreign()
        try:
            raw = await body.read(scope, self._patience.for_body(receive))
        except body.Unreadable as error:
            return refusals.unreadable(error, await self._places.at(slug) if error.raw else None)
        try:
            place = await self._places.at(slug)
        except IntakeAway as error:
            return refusals.failed(error, raw, None)
        if place is None or not place.is_public():
            return Refusal(status=404, message=_("Cette pétition n’existe pas."))
        if not place.takes_signatures(now := self._clock()):
            return refusals.not_taken(place, raw, now=now)
        return await self._sign(slug, place, raw, scope)

    async def _sign(
        self, slug: str, place: Place, raw: Mapping[str, Any], scope: Scope
    ) -> Whole | Refusal:
        now, framed, as_json = self._clock(), _framed(scope), wants_json(scope)
        source = SignatureSource.EMBED if framed else SignatureSource.WEB
        try:
            row = parse_signature(raw, place, network=_network(scope, now), source=source)
            if refusal := guard(row, raw, place, as_json=as_json, now=now):
                return refusal
            answer = await self._intake.submit(row)
        except InvalidForm as error:
            return refusals.invalid(error.errors, raw, place)
        except NotSignable:
            place = await self._places.again(slug) or place
            return refusals.not_taken(place, raw, now=now)
        except SigningError as error:
            return refusals.failed(error, raw, place)
        look = _look(raw) if framed else ""
        return _thanks(place, row, answer, look=look, as_json=as_json, now=now)

    async def _refuse(self, refusal: Refusal, scope: Scope, send: Send) -> None:
        """JSON says it; HTML shows the page again with what was typed."""
        if wants_json(scope):
            await send_whole(send, _refused_json(refusal))
            return
        headers = [pair for pair in scope["headers"] if pair[0] not in DROPPED]
        headers.append((b"content-length", b"0"))
        inside = {**scope, "headers": headers, "query_string": b"", SCOPE_KEY: refusal}
        await self._django(inside, no_body(), send)


def is_address(path: str) -> bool:
    """Whether a path is one petition's sign address."""
    return ADDRESS.fullmatch(path) is not None


def wants_json(scope: Scope) -> bool:
    """Asked for, or sent and not asking for a page."""
    accept = header(scope, b"accept")
    if "application/json" in accept:
        return True
    return "text/html" not in accept and body.kind_of(scope) == body.JSON


def _network(scope: Scope, now: datetime) -> bytes | None:
    client = scope.get("client")
    forwarded = header(scope, b"x-forwarded-for") if settings.TRUSTED_PROXIES else ""
    network = client_network(client[0] if client else "", forwarded, settings.TRUSTED_PROXIES)
    return network_key(network, now=now) if network else None


def _thanks(
    place: Place, row: SignatureInput, answer: Answer, *, look: str, as_json: bool, now: datetime
) -> Whole:
    receipt = Receipt(
        petition=place.petition,
        code=answer.code,
        number=answer.number,
        first_name=row.first_name,
        masked_email=mask_email(row.email),
        wants_updates=any(purpose == "petition_news" for _c, purpose, _w in row.agreements),
    )
    where = FRAMED if row.source == SignatureSource.EMBED else PREFIX
    path = f"{where}{place.slug}/merci/{seal_receipt(receipt, now=now)}/{look}"
    if not as_json:
        return Whole(303, [(b"location", path.encode()), *PRIVATE])
    told = {"number": answer.number, "thanks_url": f"{settings.BASE_URL}{path}"}
    return Whole(201, AS_JSON, orjson.dumps(told))


def _refused_json(refusal: Refusal) -> Whole:
    headers = list(AS_JSON)
    if refusal.retry_after is not None:
        headers.append((b"retry-after", str(refusal.retry_after).encode()))
    errors = refusal.errors or {"__all__": [refusal.message]}
    return Whole(refusal.status, headers, orjson.dumps({"errors": errors}))


def _slug(path: str) -> str:
    return path[path.index("/", 1) + 1 : -len(SUFFIX)]


def _look(raw: Mapping[str, Any]) -> str:
    """The colours of a frame, for the page that follows in it."""
    told = [(name, raw.get(name)) for name in ("accent", "fond")]
    words = [f"{k}={v}" for k, v in told if isinstance(v, str) and v.isalpha() and v.isascii()]
    return f"?{'&'.join(words)}" if words else ""


def _framed(scope: Scope) -> bool:
    return bool(scope["path"].startswith(FRAMED))


def _to_the_page(path: str) -> Whole:
    return Whole(303, [(b"location", path.removesuffix("signer/").encode()), *PRIVATE])


def _not_allowed() -> Whole:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"allow", b"GET, HEAD, POST")]
    told = _("Pour signer, envoyez le formulaire de la page.")
    return Whole(405, [*headers, *PRIVATE], told.encode())
