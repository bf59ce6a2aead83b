"""The proof of work asked past the soft limit, or of everybody (P67), and what a switch holds."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
import pytest
from altcha import v2

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.switch import Switch
from levier.gathering.signing.actions.confirm import confirm
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.errors import ProofAsked, SigningError, TooManyFromHere
from levier.gathering.signing.intake.form import parse_signature
from levier.gathering.signing.intake.place import Place
from levier.gathering.signing.intake.proof import LIFE, challenge_for, proof_in
from levier.gathering.signing.intake.queue import Intake
from levier.gathering.signing.intake.rows import Answer, Proof, SignatureInput
from levier.gathering.signing.models.guard import Guard
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.rules.guards import HARD_LIMIT, SOFT_LIMIT, window_of
from tests.cast import NOW
from tests.taking import form, slug_of, submit_all, with_intake

pytestmark = pytest.mark.django_db(transaction=True)
NETWORK = bytes(16)


def solved(challenge: Mapping[str, Any]) -> str:
    """What a browser sends once it has worked."""
    found = v2.Challenge.from_dict(dict(challenge))
    solution = v2.solve_challenge(found)
    assert solution is not None
    return v2.Payload(found, solution).to_base64()


def proof_for(petition: Petition, **given: Any) -> Proof:
    proof = proof_in(solved(challenge_for(petition.pk, now=NOW)), petition.pk, now=NOW)
    assert proof is not None
    return proof._replace(**given)


def sign(
    lilas: Petition, *rows: dict[str, Any], network: bytes | None = NETWORK, limits: bool = True
) -> list[Answer | SigningError]:
    """Submit rows that differ by what the front says of them, one after the other."""

    async def scenario(intake: Intake, place: Place) -> list[Answer | SigningError]:
        told: list[Answer | SigningError] = []
        for n, given in enumerate(rows, start=1):
            row: SignatureInput = parse_signature(form(n), place, network=network)
            for name, value in given.items():
                setattr(row, name, value)
            told += await submit_all(intake, [row])
        return told

    found: list[Answer | SigningError] = with_intake(
        slug_of(lilas), scenario, now=NOW, rate_limits=limits
    )
    return found


def states(petition: Petition) -> dict[str, int]:
    found: dict[str, int] = {}
    for state, reason in Signature.objects.filter(petition=petition).values_list("state", "reason"):
        key = f"{state} {reason}".strip()
        found[key] = found.get(key, 0) + 1
    return found


def test_P67_a_right_solution_is_a_proof_for_its_petition_and_its_life(lilas: Petition) -> None:
    sent = solved(challenge_for(lilas.pk, now=NOW))
    assert proof_in(sent, lilas.pk, now=NOW) is not None
    assert proof_in(sent, lilas.pk, now=NOW + LIFE - timedelta(seconds=1)) is not None
    assert proof_in(sent, lilas.pk, now=NOW + LIFE + timedelta(seconds=1)) is None
    assert proof_in(sent, lilas.pk, now=NOW - timedelta(hours=1)) is None
    assert proof_in(sent, lilas.pk + 1, now=NOW) is None


def altered(sent: str, **given: Any) -> str:
    whole = orjson.loads(b64decode(sent))
    for path, value in given.items():
        place = whole
        *way, last = path.split("__")
        for step in way:
            place = place[step]
        place[last] = value
    return b64encode(orjson.dumps(whole)).decode()


@pytest.mark.parametrize(
    "change",
    [
        {"solution__counter": 2**32},
        {"solution__counter": -1},
        {"solution__counter": "7"},
        {"solution__derivedKey": "00" * 32},
        {"challenge__parameters__cost": 1},
        {"challenge__parameters__keyPrefix": ""},
        {"challenge__parameters__algorithm": "SHA-256"},
        {"challenge__parameters__data": None},
        {"challenge__parameters__data": {"petition": 1, "until": 10**18}},
        {"challenge__parameters__nonce": "zz"},
        {"challenge__signature": None},
        {"challenge__signature": "00" * 32},
        {"challenge": None},
        {"solution": []},
    ],
)
def test_P67_a_forged_proof_proves_nothing(lilas: Petition, change: dict[str, Any]) -> None:
    sent = altered(solved(challenge_for(lilas.pk, now=NOW)), **change)
    assert proof_in(sent, lilas.pk, now=NOW) is None


@pytest.mark.parametrize(
    "sent",
    [None, "", "x", "e30=", "bnVsbA==", "W10=", "\ud800", 7, ["a"], "A" * 5_000, "{}", "é"],
)
def test_P67_what_is_no_proof_proves_nothing(lilas: Petition, sent: object) -> None:
    assert proof_in(sent, lilas.pk, now=NOW) is None


def already(n: int) -> None:
    """So many have come from the network in this window."""
    Guard.objects.create(key=NETWORK, window=window_of(NOW), n=n)


def test_P67_past_the_soft_limit_a_page_is_asked_and_a_program_is_held(lilas: Petition) -> None:
    already(SOFT_LIMIT - 1)
    told = sign(lilas, {"askable": True}, {"askable": True}, {}, {"proof": proof_for(lilas)})
    assert isinstance(told[0], Answer)
    assert isinstance(told[1], ProofAsked)
    assert states(lilas) == {"counted": 2, "held rate": 1}
    assert Tally.objects.get(petition=lilas).counted == 2


def test_P67_a_proof_is_spent_once(lilas: Petition) -> None:
    proof = proof_for(lilas)
    already(SOFT_LIMIT)
    sign(lilas, {"proof": proof}, {"proof": proof})
    assert states(lilas) == {"counted": 1, "held rate": 1}


def test_P67_two_in_one_batch_cannot_share_a_proof(lilas: Petition) -> None:
    proof = proof_for(lilas, is_due=True)

    async def together(intake: Intake, place: Place) -> list[Answer | SigningError]:
        rows = [parse_signature(form(n), place) for n in (1, 2, 3)]
        for row in rows:
            row.proof = proof
        return await submit_all(intake, rows)

    with_intake(slug_of(lilas), together, now=NOW)
    assert states(lilas) == {"counted": 1, "held captcha": 2}


def test_P67_asked_of_everybody_a_spent_proof_is_held(lilas: Petition) -> None:
    proof = proof_for(lilas, is_due=True)
    sign(lilas, {"proof": proof}, {"proof": proof}, limits=False)
    assert states(lilas) == {"counted": 1, "held captcha": 1}


def test_P67_the_hard_limit_holds_with_proofs_too(lilas: Petition) -> None:
    already(HARD_LIMIT - 1)
    told = sign(lilas, {"proof": proof_for(lilas)}, {"proof": proof_for(lilas)})
    assert isinstance(told[0], Answer)
    assert isinstance(told[1], TooManyFromHere)
    assert states(lilas) == {"counted": 1}


def test_P67_the_owner_releases_what_lacked_a_proof(lilas: Petition) -> None:
    sign(lilas, {"hold": HoldReason.CAPTCHA})
    signature = Signature.objects.get()
    assert (signature.state, signature.number) == (SignatureState.HELD, None)
    confirm(signature_id=signature.pk, now=NOW)
    signature.refresh_from_db()
    assert (signature.state, signature.number, signature.reason) == (SignatureState.COUNTED, 1, "")


def test_P71_what_the_switch_holds_waits_for_the_team(lilas: Petition) -> None:
    sign(lilas, {"hold": HoldReason.SWITCH})
    signature = Signature.objects.get()
    confirm(signature_id=signature.pk, now=NOW)
    signature.refresh_from_db()
    assert (signature.state, signature.reason) == (SignatureState.HELD, HoldReason.SWITCH)
    assert signature.confirmed_at is not None


def test_P71_the_place_knows_the_switches_in_one_query(lilas: Petition) -> None:
    for kind, petition in (("captcha", lilas), ("hold", None), ("comments", None)):
        Switch.objects.create(
            kind=kind, petition=petition, sentence=f"Phrase {kind}.", thrown_at=NOW
        )
    Switch.objects.create(kind="comments", petition=lilas, sentence="La sienne.", thrown_at=NOW)

    async def place_of(intake: Intake, place: Place) -> Place:
        return place

    place: Place = with_intake(slug_of(lilas), place_of, now=NOW)
    assert place.around.asks_proof
    assert place.around.holds
    assert place.around.comments == "La sienne."
    assert place.takes_signatures(NOW)
    Switch.objects.create(kind="signatures", petition=lilas, sentence="Stop.", thrown_at=NOW)
    place = with_intake(slug_of(lilas), place_of, now=NOW)
    assert not place.takes_signatures(NOW)
    assert place.stopped_by(NOW) == "Stop."
