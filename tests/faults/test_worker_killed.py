"""kill -9 of the worker while thank-yous leave."""

from tests.faults.conftest import Crowd, Whole, check_the_books, check_the_thanks


def test_every_thank_you_leaves_once_the_worker_is_back(levier: Whole) -> None:
    with Crowd(levier.site) as crowd:
        crowd.has(150)
        levier.kill("worker")
        crowd.has(300)
        levier.kill("worker")
        crowd.has(400)
    assert set(crowd.statuses) == {201}  # signing does not need the worker
    assert crowd.unanswered == []
    check_the_books(levier, crowd)
    check_the_thanks(levier, crowd)
    doubled = len(levier.sink.received) - len(set(levier.sink.received))
    # At least once, with the same Message-ID: a mailbox shows the second copy as the first.
    assert len(set(levier.sink.identifiers)) == len(set(levier.sink.received))
    assert doubled <= 100  # only what was on its way when the worker died, twice
