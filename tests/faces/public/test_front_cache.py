"""P42: pages kept for a few seconds, one rendering for all readers."""

import asyncio
import gzip
from collections.abc import Callable
from dataclasses import dataclass, field

import brotli  # type: ignore[import-untyped]
import pytest

from levier.faces.public.front.asgi import Receive, Scope, Send
from levier.faces.public.front.cache import MOST_PAGES, PageCache
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.tally import Tally
from tests.faces.public.fronted import Asked, Told, answer_of, ask
from tests.taking import form, slug_of, take

PUBLIC = "public, max-age=5, stale-while-revalidate=10, stale-if-error=25"
PAGE = "/petitions/piste/"


@dataclass
class Inside:
    """A real ASGI application behind the cache, which tells what it was asked."""

    control: str = PUBLIC
    status: int = 200
    cookie: bool = False
    slow: float = 0
    fails: bool = False
    asked: list[Scope] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)
        n = len(self.asked)
        await asyncio.sleep(self.slow)
        if self.fails:
            raise RuntimeError
        headers = [(b"content-type", b"text/html"), (b"cache-control", self.control.encode())]
        headers += [(b"set-cookie", b"a=b")] if self.cookie else []
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": f"{n:04d}".encode() + b"a" * 1_000})


@dataclass
class Clock:
    """A clock that tests move."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


def kept(
    inside: Inside, scenario: Callable[[PageCache, Clock], object], clock: Clock | None = None
) -> list[Told]:
    """Run a scenario of awaitables over a cache; their answers."""

    async def run() -> list[Told]:
        moving = clock or Clock()
        return await scenario(PageCache(inside, clock=moving), moving)  # type: ignore[misc,no-any-return]

    return asyncio.run(run())


def page(path: str = PAGE, **headers: str) -> Asked:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Asked(path=path, headers=named)


def test_P42_one_rendering_serves_all_readers() -> None:
    inside = Inside(slow=0.02)

    async def crowd(cache: PageCache, clock: Clock) -> list[Told]:
        together = await asyncio.gather(*(answer_of(cache, page()) for _ in range(20)))
        return [*together, await answer_of(cache, page())]

    told = kept(inside, crowd)
    assert len(inside.asked) == 1
    assert len({one.body for one in told}) == 1
    assert {one.status for one in told} == {200}


def test_P42_the_rendering_is_made_without_cookie_nor_language() -> None:
    inside = Inside()

    async def visit(cache: PageCache, clock: Clock) -> list[Told]:
        return [await answer_of(cache, page(cookie="sessionid=secret", accept_language="en"))]

    kept(inside, visit)
    assert {name for name, _value in inside.asked[0]["headers"]} == {b"host"}


def test_an_old_page_serves_while_the_next_is_made_then_when_it_cannot_be() -> None:
    inside = Inside()

    async def grow_old(cache: PageCache, clock: Clock) -> list[Told]:
        told = [await answer_of(cache, page())]
        clock.at = 6
        told.append(await answer_of(cache, page()))
        await asyncio.sleep(0.01)
        told.append(await answer_of(cache, page()))
        inside.fails = True
        clock.at = 28
        told.append(await answer_of(cache, page()))
        clock.at = 40
        told.append(await answer_of(cache, page()))
        return told

    told = kept(inside, grow_old)
    assert [one.body[:4] for one in told[:4]] == [b"0001", b"0001", b"0002", b"0002"]
    assert [one.status for one in told] == [200, 200, 200, 200, 500]
    assert [one.headers.get("age") for one in told[:4]] == [None, "6", None, "22"]


def test_encodings_are_made_once_each_and_tagged_apart() -> None:
    inside = Inside()

    async def read(cache: PageCache, clock: Clock) -> list[Told]:
        first = [
            await answer_of(cache, page(accept_encoding=wanted))
            for wanted in ("", "gzip", "br, gzip", "br;q=0, gzip")
        ]
        tag = first[2].headers["etag"]
        again = await answer_of(cache, page(accept_encoding="br", if_none_match=tag))
        head = await answer_of(cache, Asked(path=PAGE, method="HEAD"))
        return [*first, again, head]

    plain, zipped, small, refused, again, head = kept(inside, read)
    assert gzip.decompress(zipped.body) == brotli.decompress(small.body) == plain.body
    assert refused.body == zipped.body
    assert len({plain.headers["etag"], zipped.headers["etag"], small.headers["etag"]}) == 3
    assert "Accept-Encoding" in plain.headers["vary"]
    assert (again.status, again.body) == (304, b"")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(plain.body))
    assert len(inside.asked) == 1


@pytest.mark.parametrize(
    "inside",
    [
        Inside(control="no-store"),
        Inside(control="private, max-age=5"),
        Inside(control="public, max-age=0"),
        Inside(cookie=True),
        Inside(status=404),
    ],
)
def test_what_may_not_be_kept_is_asked_each_time(inside: Inside) -> None:
    async def twice(cache: PageCache, clock: Clock) -> list[Told]:
        return [await answer_of(cache, page()), await answer_of(cache, page())]

    first, second = kept(inside, twice)
    assert (first.body[:4], second.body[:4]) == (b"0001", b"0002")
    assert first.status == inside.status


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (PAGE, 1),
        ("/petitions/piste/compteur.json", 1),
        ("/petitions/piste/decompte/", 1),
        ("/", 1),
        ("/?q=velo", 1),
        (f"{PAGE}?utm_source=x&fbclid=y", 1),
        (f"{PAGE}?unknown=1", 2),
        (f"{PAGE}merci/abc/", 2),
        ("/tableau-de-bord/", 2),
        ("/moi/abc/", 2),
    ],
)
def test_only_public_pages_are_kept(path: str, asked: int) -> None:
    inside = Inside()

    async def twice(cache: PageCache, clock: Clock) -> list[Told]:
        return [await answer_of(cache, page(path)), await answer_of(cache, page(path))]

    kept(inside, twice)
    assert len(inside.asked) == asked


def test_the_memory_is_bounded() -> None:
    async def many(cache: PageCache, clock: Clock) -> list[Told]:
        for n in range(MOST_PAGES + 50):
            await answer_of(cache, page(f"/petitions/p{n}/"))
        assert len(cache._pages) == MOST_PAGES
        return []

    kept(Inside(), many)


@pytest.mark.django_db(transaction=True)
def test_P37_the_counter_tells_its_figures_to_everyone_alike(lilas: Petition) -> None:
    slug = slug_of(lilas)
    take(slug, [form(n) for n in range(1, 4)])
    Tally.objects.filter(petition=lilas).update(paper=312, confirmed=2)
    address = f"/petitions/{slug}/compteur.json"
    told, again = ask(page(address), page(address, cookie="sessionid=x", accept_language="en"))
    assert told.json == {
        "signatures": 315,
        "confirmed": 2,
        "goal": 500,
        "next_milestone": 500,
        "updated_at": "2026-09-16T07:40:00+00:00",
    }
    assert told.headers["cache-control"] == PUBLIC
    assert "set-cookie" not in told.headers
    assert again.body == told.body


@pytest.mark.django_db(transaction=True)
def test_P43_a_closed_petition_keeps_its_count_and_a_fixed_goal_its_place(
    lilas: Petition,
) -> None:
    slug = slug_of(lilas)
    take(slug, [form(1)])
    Petition.objects.filter(pk=lilas.pk).update(state="closed", fixed_goal=150)
    Tally.objects.filter(petition=lilas).update(counted=120, last_number=120)
    (told,) = ask(page(f"/petitions/{slug}/compteur.json"))
    figures = told.json
    assert (figures["signatures"], figures["goal"], figures["next_milestone"]) == (120, 150, 150)
