"""Requests that do not arrive whole."""

import asyncio
from typing import Any

import pytest

from levier.faces.public.front.asgi import Event, Receive, Send
from levier.faces.public.front.patience import Answered, Patience
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.signature import Signature
from tests.faces.public.fronted import Asked, answers_cut_short, signing
from tests.taking import FORM, slug_of


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["signer/", "inconnu/"])
def test_a_body_cut_on_its_way_is_answered(lilas: Petition, path: str) -> None:
    asked = signing(slug_of(lilas), FORM)
    told = answers_cut_short(
        Asked(path=asked.path.replace("signer/", path), method="POST", headers=asked.headers)
    )
    assert told.status == 400
    assert "Votre envoi n’est pas arrivé en entier" in told.text
    assert not Signature.objects.exists()


def test_silence_in_the_middle_of_a_body_is_a_departure() -> None:
    async def never() -> Event:
        await asyncio.Event().wait()
        raise AssertionError

    async def run() -> tuple[Event, float]:
        begun = asyncio.get_running_loop().time()
        event = await Patience(0.05).for_body(never)()
        await asyncio.sleep(0)  # the task goes on as if nothing had been cancelled
        return event, asyncio.get_running_loop().time() - begun

    event, seconds = asyncio.run(run())
    assert event["type"] == "http.disconnect"
    assert seconds >= 0.05


def test_a_server_that_stops_is_not_taken_for_silence() -> None:
    async def never() -> Event:
        await asyncio.Event().wait()
        raise AssertionError

    async def run() -> None:
        waiting = asyncio.ensure_future(Patience(5).for_body(never)())
        await asyncio.sleep(0.01)
        waiting.cancel()
        await waiting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())


def test_once_the_body_is_there_nobody_is_hurried() -> None:
    async def run() -> Event:
        events: list[Event] = [{"type": "http.request", "body": b"a", "more_body": False}]

        async def receive() -> Event:
            if not events:
                await asyncio.sleep(0.05)
                return {"type": "http.disconnect", "late": True}
            return events.pop()

        patient = Patience(0.01).for_body(receive)
        assert (await patient())["body"] == b"a"
        return await patient()

    assert asyncio.run(run())["late"]


def test_an_answer_that_was_begun_is_left_alone() -> None:
    sent: list[Event] = []

    async def inside(scope: Any, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def receive() -> Event:
        return {"type": "http.disconnect"}

    async def send(event: Event) -> None:
        sent.append(event)

    asyncio.run(Answered(inside)({"type": "http"}, receive, send))
    assert [event["status"] for event in sent] == [204]
