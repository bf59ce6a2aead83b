"""kill -9 of the web process while people sign."""

from tests.faults.conftest import Crowd, Whole, check_the_books, check_the_thanks


def test_every_acknowledged_signature_is_there_and_numbers_stay_contiguous(levier: Whole) -> None:
    with Crowd(levier.site) as crowd:
        crowd.has(200)
        killed = levier.kill("web")
        before = len(crowd.acknowledged)
        levier.ready()
        assert levier.process("web").pid != killed
        crowd.has(before + 200)
        levier.kill("web")
        levier.ready()
        crowd.has(len(crowd.acknowledged) + 100)
    assert set(crowd.statuses) <= {201, 503}
    assert crowd.unanswered  # the faults did happen while people were signing
    check_the_books(levier, crowd)
    check_the_thanks(levier, crowd)
    assert "Redémarrage" in levier.console.console or "redémarr" in levier.console.console
