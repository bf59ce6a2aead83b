"""The mail server away while people sign, then back."""

from tests.faults.conftest import Crowd, Whole, check_the_books, check_the_thanks
from tests.running import wait_for


def test_nothing_is_lost_and_mails_leave_after(levier: Whole) -> None:
    levier.sink.stop()
    with Crowd(levier.site) as crowd:
        crowd.has(100)
    assert set(crowd.statuses) == {201}
    wait_for(
        lambda: levier.rows("SELECT count(*) FROM levier_delivery")[0][0] >= 100,
        "thank-yous waiting",
    )
    ((lost,),) = levier.rows(
        "SELECT count(*) FROM levier_delivery WHERE state NOT IN ('queued', 'claimed')"
    )
    assert lost == 0
    levier.sink.start()
    check_the_thanks(levier, crowd)
    check_the_books(levier, crowd)
    assert sorted(levier.sink.received) == sorted(crowd.acknowledged)
