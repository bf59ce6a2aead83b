"""Limits, traps, rows that cannot be written, petitions that close, a database that is away."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.purge_guard import purge_guard
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.errors import (
    IntakeBusy,
    NotSignable,
    TooManyFromHere,
    Unwritable,
)
from levier.gathering.signing.intake.form import parse_signature
from levier.gathering.signing.intake.place import Place
from levier.gathering.signing.intake.queue import Intake
from levier.gathering.signing.intake.rows import Answer
from levier.gathering.signing.models.guard import Guard
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from levier.gathering.signing.rules.guards import HARD_LIMIT, SOFT_LIMIT, network_key
from tests.cast import NOW, make_petition, make_signature
from tests.taking import Outcome, form, slug_of, submit_all, take, with_intake

pytestmark = pytest.mark.django_db(transaction=True)
SCHOOL = network_key("203.0.113.7", now=NOW)


def numbers(outcomes: list[Outcome]) -> list[int]:
    return [o.number for o in outcomes if isinstance(o, Answer) and o.number is not None]


def test_P67_P68_past_the_soft_limit_signatures_are_held_and_nobody_is_told(
    lilas: Petition,
) -> None:
    slug = slug_of(lilas)
    forms = [form(n) for n in range(1, SOFT_LIMIT + 11)]
    outcomes = take(slug, forms, network=SCHOOL, rate_limits=True)
    shown = numbers(outcomes)
    assert len(shown) == SOFT_LIMIT + 10
    # Held rows are shown the next number of the moment, which depends on whose batch came first.
    counted = set(range(1, SOFT_LIMIT + 1))
    assert counted <= set(shown) <= counted | {SOFT_LIMIT + 1}
    held = Signature.objects.filter(state=SignatureState.HELD)
    assert {(s.reason, s.number) for s in held} == {(HoldReason.RATE, None)}
    tally = Tally.objects.get(petition=lilas)
    assert (tally.counted, tally.last_number, tally.held) == (SOFT_LIMIT, SOFT_LIMIT, 10)
    assert Activity.objects.filter(kind=ActivityKind.HELD).count() == 10
    elsewhere = network_key("198.51.100.1", now=NOW)
    take(slug, [form(900)], network=elsewhere, rate_limits=True)
    assert Signature.objects.get(number=SOFT_LIMIT + 1).network_key is not None


def test_P67_the_limit_starts_again_with_the_window(lilas: Petition) -> None:
    Guard.objects.create(key=SCHOOL, window=NOW, n=SOFT_LIMIT)
    take(slug_of(lilas), [form(1)], network=SCHOOL, rate_limits=True)
    later = NOW + timedelta(minutes=10)
    take(slug_of(lilas), [form(2)], network=SCHOOL, rate_limits=True, now=later)
    states = Signature.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [SignatureState.HELD, SignatureState.COUNTED]


def test_P67_past_the_hard_limit_nothing_is_written(lilas: Petition) -> None:
    Guard.objects.create(key=SCHOOL, window=NOW, n=HARD_LIMIT - 1)
    outcomes = take(slug_of(lilas), [form(1), form(2)], network=SCHOOL, rate_limits=True)
    assert isinstance(outcomes[0], Answer)
    assert isinstance(outcomes[1], TooManyFromHere)
    assert Signature.objects.count() == Person.objects.count() == 1


def test_limits_switched_off_count_nothing(lilas: Petition) -> None:
    forms = [form(n) for n in range(1, SOFT_LIMIT + 11)]
    take(slug_of(lilas), forms, network=SCHOOL, rate_limits=False)
    assert Tally.objects.get(petition=lilas).counted == SOFT_LIMIT + 10
    assert Guard.objects.count() == 0


def test_P66_the_key_of_a_network_changes_every_day_and_is_forgotten() -> None:
    assert network_key("203.0.113.7", now=NOW) == SCHOOL
    assert network_key("203.0.113.7", now=NOW + timedelta(days=1)) != SCHOOL
    assert network_key("203.0.113.8", now=NOW) != SCHOOL
    Guard.objects.create(key=SCHOOL, window=NOW - timedelta(days=1, minutes=1), n=5)
    Guard.objects.create(key=SCHOOL, window=NOW, n=5)
    assert purge_guard(now=NOW) == 1
    assert Guard.objects.get().window == NOW


def test_P69_a_filled_trap_is_held_like_any_other_and_agrees_to_nothing(lilas: Petition) -> None:
    slug = slug_of(lilas)
    (trapped,) = take(slug, [form(1, website="x", consent_updates="on")])
    assert isinstance(trapped, Answer)
    assert trapped.number == 1
    signature = Signature.objects.get()
    assert (signature.state, signature.reason, signature.number) == ("held", "honeypot", None)
    assert Consent.objects.count() == 0
    (first,) = take(slug, [form(2)])
    assert isinstance(first, Answer)
    assert first.number == 1
    assert discrepancies() == []


@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_row_that_cannot_be_written_refuses_no_neighbour(lilas: Petition, place: int) -> None:
    """A NUL that no form lets through, to see what the intake does with what PostgreSQL refuses."""

    async def poisoned(intake: Intake, at: Place) -> list[Outcome]:
        rows = [parse_signature(form(n), at) for n in range(1, 8)]
        rows[place] = replace(rows[place], first_name="Paul\x00")
        return await submit_all(intake, rows)

    outcomes = with_intake(slug_of(lilas), poisoned, now=NOW)
    assert [isinstance(o, Unwritable) for o in outcomes] == [n == place for n in range(7)]
    given = sorted(numbers(outcomes))
    assert given == list(range(1, 7))
    assert discrepancies() == []


@pytest.mark.parametrize("state", [PetitionState.CLOSED, PetitionState.PAUSED])
def test_P61_closed_meanwhile_nothing_is_written(lilas: Petition, state: str) -> None:
    """The petition was open when the form was read: the transaction sees that it no longer is."""

    async def late(intake: Intake, place: Place) -> list[Outcome]:
        rows = [parse_signature(form(n), place) for n in range(1, 4)]
        await asyncio.to_thread(close)
        return await submit_all(intake, rows)

    def close() -> None:
        Petition.objects.filter(pk=lilas.pk).update(state=state)
        connection.close()

    outcomes = with_intake(slug_of(lilas), late, now=NOW)
    assert all(isinstance(outcome, NotSignable) for outcome in outcomes)
    assert Signature.objects.count() == Person.objects.count() == 0
    assert ContactPoint.objects.count() == Activity.objects.count() == 0


def test_P61_past_its_date_nothing_is_written(lilas: Petition) -> None:
    Petition.objects.filter(pk=lilas.pk).update(closes_at=NOW)
    (outcome,) = take(slug_of(lilas), [form()])
    assert isinstance(outcome, NotSignable)
    assert Person.objects.count() == 0


def test_P10_a_full_queue_refuses_at_once(lilas: Petition) -> None:
    async def crowd(intake: Intake, place: Place) -> list[Outcome]:
        return await submit_all(intake, [parse_signature(form(n), place) for n in range(1, 21)])

    outcomes = with_intake(slug_of(lilas), crowd, now=NOW, most_waiting=5)
    assert sum(isinstance(outcome, IntakeBusy) for outcome in outcomes) == 15
    assert Signature.objects.count() == Tally.objects.get(petition=lilas).counted == 5


def test_a_connection_cut_by_the_server_is_replaced(lilas: Petition) -> None:
    """Idle connections die with a restart of PostgreSQL: the next signature must not pay for it."""

    async def cut(intake: Intake, place: Place) -> list[Outcome]:
        rows = [parse_signature(form(n), place) for n in range(1, 5)]
        first = await submit_all(intake, rows[:2])
        await asyncio.to_thread(end_connections)
        await asyncio.sleep(0.2)
        return [*first, *await submit_all(intake, rows[2:])]

    def end_connections() -> None:
        parameters = connection.get_connection_params()
        names = ("dbname", "user", "host", "password", "port")
        given = {name: parameters[name] for name in names if name in parameters}
        with psycopg.connect(**given, autocommit=True) as own:
            own.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'levier intake' AND datname = current_database()"
            )

    outcomes = with_intake(slug_of(lilas), cut, now=NOW)
    assert sorted(numbers(outcomes)) == [1, 2, 3, 4]


def test_stopping_writes_what_was_accepted_and_refuses_the_rest(lilas: Petition) -> None:
    async def stop(intake: Intake, place: Place) -> list[Outcome]:
        rows = [parse_signature(form(n), place) for n in range(1, 31)]
        accepted = asyncio.create_task(submit_all(intake, rows))
        await asyncio.sleep(0.001)
        await intake.stop()
        late = await submit_all(intake, [parse_signature(form(99), place)])
        return [*await accepted, *late]

    *accepted, late = with_intake(slug_of(lilas), stop, now=NOW)
    assert all(isinstance(outcome, Answer) for outcome in accepted)
    assert isinstance(late, IntakeBusy)
    assert Signature.objects.count() == 30


def test_an_address_forgotten_while_its_row_waits_is_written_anew(lilas: Petition) -> None:
    """The row found its person, then waited for the tally of somebody who erases that person."""
    slug = slug_of(lilas)
    known = make_signature(
        make_petition(lilas.campaign, lilas.author, "une-autre"), "personne1@exemple.fr"
    )
    url = connection.get_connection_params()
    for name in ("pool", "cursor_factory", "context", "prepare_threshold"):
        url.pop(name, None)

    async def meanwhile(intake: Intake, place: Place) -> list[Outcome]:
        other = await psycopg.AsyncConnection.connect(**url)
        async with other:
            await other.execute(
                "SELECT FROM levier_tally WHERE petition_id = %s FOR UPDATE", [lilas.pk]
            )
            rows = [parse_signature(form(n), place) for n in (1, 2)]
            waiting = asyncio.create_task(submit_all(intake, rows))
            await _until_somebody_waits(other)
            await other.execute(
                "UPDATE levier_contactpoint SET canonical = 'forgotten' WHERE id = %s",
                [known.contact_point_id],
            )
        return await waiting

    outcomes = with_intake(slug, meanwhile, now=NOW)
    assert sorted(numbers(outcomes)) == [1, 2]
    signed = Signature.objects.filter(petition=lilas)
    assert signed.count() == 2
    assert known.person_id not in set(signed.values_list("person_id", flat=True))
    assert discrepancies() == []


async def _until_somebody_waits(other: psycopg.AsyncConnection) -> None:
    """Until another transaction waits for a lock, seen from a connection that holds one."""
    for _ in range(200):
        found = await other.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
        )
        row = await found.fetchone()
        if row and row[0]:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nobody waited")
