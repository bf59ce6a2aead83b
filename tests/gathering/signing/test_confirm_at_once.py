"""Verbs that touch one petition from many sides at once: no deadlock, an exact tally."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from levier.foundation.accounts.models import User
from levier.foundation.ledger.queries import verify_chain
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.confirm import confirm
from levier.gathering.signing.actions.disown import disown
from levier.gathering.signing.actions.erase import erase
from levier.gathering.signing.actions.hold_bounced import hold_bounced
from levier.gathering.signing.actions.release import release
from levier.gathering.signing.actions.withdraw import withdraw
from levier.gathering.signing.enums import HoldReason, SignatureState
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.tally import discrepancies
from tests.cast import make_campaign, make_petition, make_signature

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(gestures: list[Callable[[], object]]) -> list[BaseException]:
    """Run all of them together; what went wrong."""
    ready, wrong = threading.Barrier(len(gestures)), list[BaseException]()

    def act(gesture: Callable[[], object]) -> None:
        try:
            ready.wait(timeout=20)
            gesture()
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[gesture]) for gesture in gestures]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return wrong


def test_P32_withdrawing_twice_at_once_lowers_the_count_once(
    lilas: Petition, now: datetime
) -> None:
    signature = make_signature(lilas)
    make_signature(lilas)
    assert at_once([lambda: withdraw(signature_id=signature.pk, now=now)] * 4) == []
    assert Tally.objects.get().counted == 1
    assert discrepancies() == []


def test_P41_every_verb_at_once_leaves_an_exact_tally(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), lilas.author, "autre")
    confirmed, disowned, withdrawn, bounced = (make_signature(lilas).pk for _ in range(4))
    pending = make_signature(lilas, state=SignatureState.PENDING).pk
    held = make_signature(lilas, state=SignatureState.HELD, reason=HoldReason.RATE).pk
    erased = make_signature(lilas)
    elsewhere = make_signature(other, person=erased.person)
    assert erased.contact_point is not None
    mailbox = erased.contact_point
    wrong = at_once(
        [
            lambda: confirm(signature_id=confirmed, now=now),
            lambda: confirm(signature_id=pending, now=now),
            lambda: disown(signature_id=disowned, wording="non", now=now),
            lambda: withdraw(signature_id=withdrawn, now=now),
            lambda: hold_bounced(signature_ids=[bounced, elsewhere.pk], now=now),
            lambda: release(petition=lilas, signature_ids=[held], by=hugo, now=now),
            lambda: erase(contact_point=mailbox, withdraw_too=True, now=now),
        ]
    )
    assert wrong == []
    tally = Tally.objects.get(petition=lilas)
    assert (tally.last_number, tally.counted, tally.confirmed, tally.held) == (7, 3, 2, 1)
    assert Tally.objects.get(petition=other).counted == 0
    assert discrepancies() == []
    assert verify_chain(lilas.campaign.organisation_id) is None
