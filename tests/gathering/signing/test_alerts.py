"""What looks unusual is told with figures, once a day at most, and rejects nothing by itself."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.models import TeamMember
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.dismiss import dismiss, settle_tally_alert
from levier.gathering.signing.actions.raise_alerts import alarm_discrepancies, raise_alerts
from levier.gathering.signing.actions.recount import recount
from levier.gathering.signing.actions.tell_alerts import tell_alerts
from levier.gathering.signing.models.alert import Alert
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.alerts import open_alerts, sentence_of
from tests.cast import make_campaign, make_petition, make_signature

pytestmark = pytest.mark.django_db


def only(petition: Petition, now: datetime) -> Alert:
    raise_alerts(now=now)
    return Alert.objects.get(petition=petition)


def letters(n: int) -> str:
    return f"{chr(97 + n // 26)}{chr(97 + n % 26)}"


def test_a_rare_domain(lilas: Petition, now: datetime) -> None:
    for n in range(20):
        make_signature(lilas, f"{letters(n)}@mairie-de-valmont.example", first_name=letters(n))
    alert = only(lilas, now)
    assert (alert.kind, alert.subject, alert.n, alert.among) == (
        "domain",
        "mairie-de-valmont.example",
        20,
        20,
    )
    said = sentence_of(alert)
    assert said.startswith("20 signatures ont une adresse chez mairie-de-valmont.example")
    assert said.endswith("Sur 20 signatures, le 16\u00a0septembre, 9\u00a0h\u00a040.")


def test_a_domain_this_petition_knows_well_is_none(lilas: Petition, now: datetime) -> None:
    before = now - timedelta(days=3)
    for n in range(20):
        make_signature(
            lilas, f"{letters(n)}@ecole.example", first_name=letters(n), signed_at=before
        )
        make_signature(lilas, f"x{letters(n)}@ecole.example", first_name=letters(n))
    assert raise_alerts(now=now) == 0


def test_a_big_provider_is_no_oddity(lilas: Petition, now: datetime) -> None:
    for n in range(60):
        make_signature(lilas, f"{letters(n)}@gmail.com", first_name=letters(n))
    assert raise_alerts(now=now) == 0


def test_disposable_addresses(lilas: Petition, now: datetime) -> None:
    for n in range(3):
        make_signature(lilas, f"{letters(n)}@mailinator.com", first_name=letters(n))
    assert only(lilas, now).kind == "disposable"


def test_addresses_that_follow_one_another(lilas: Petition, now: datetime) -> None:
    for n in range(5):
        make_signature(lilas, f"marie{n}@orange.fr", first_name=letters(n))
    alert = only(lilas, now)
    assert (alert.kind, alert.subject, alert.n) == ("sequence", "marie#@orange.fr", 5)


def test_one_name_at_many_addresses(lilas: Petition, now: datetime) -> None:
    for n in range(5):
        first = "Paul" if n % 2 else "PAUL"
        make_signature(lilas, f"{letters(n)}@orange.fr", first_name=first, last_name="Tremblay")
    alert = only(lilas, now)
    assert (alert.kind, alert.subject.lower(), alert.n) == ("name", "paul tremblay", 5)


def test_one_network(lilas: Petition, now: datetime) -> None:
    for n in range(40):
        make_signature(
            lilas, f"{letters(n)}@orange.fr", first_name=letters(n), network_key=bytes(16)
        )
    alert = only(lilas, now)
    assert (alert.kind, alert.n) == ("network", 40)
    assert "même connexion" in sentence_of(alert)


def test_a_place_far_from_the_usual_ones(lilas: Petition, now: datetime) -> None:
    before = now - timedelta(days=3)
    for n in range(100):
        make_signature(lilas, f"{letters(n)}@orange.fr", first_name=letters(n), signed_at=before)
    for n in range(30):
        make_signature(
            lilas, f"x{letters(n)}@orange.fr", first_name=letters(n), country="BE", postcode="1000"
        )
    alert = only(lilas, now)
    assert (alert.kind, alert.subject, alert.usual) == ("place", "BE", 0.0)
    assert "Belgique : 100\u202f% du jour, au lieu de 0\u202f%" in sentence_of(alert).replace(
        "\u00a0", " "
    ).replace(" %", "\u202f%")


def test_a_burst_at_night(lilas: Petition, now: datetime) -> None:
    night = now.replace(hour=3, minute=12)
    for n in range(50):
        make_signature(lilas, f"{letters(n)}@orange.fr", first_name=letters(n), signed_at=night)
    alert = only(lilas, now)
    assert (alert.kind, alert.subject) == ("night", "2026-09-16T03")
    assert "dans l’heure de 3\u00a0h" in sentence_of(alert)


def test_looking_changes_no_signature(lilas: Petition, now: datetime) -> None:
    for n in range(20):
        make_signature(lilas, f"marie{n}@rafale.example")
    before = list(Signature.objects.order_by("pk").values())
    assert raise_alerts(now=now) > 0
    assert list(Signature.objects.order_by("pk").values()) == before


def test_imports_and_older_days_and_other_petitions_are_left_out(
    lilas: Petition, now: datetime
) -> None:
    other = make_petition(make_campaign(lilas.campaign.organisation), lilas.author, "autre")
    for n in range(6):
        make_signature(lilas, f"a{n}@orange.fr", source="import", first_name=letters(n))
        old = now - timedelta(days=2)
        make_signature(lilas, f"b{n}@orange.fr", signed_at=old, first_name=letters(n))
        place = lilas if n % 2 else other
        make_signature(place, f"c{n}@orange.fr", first_name=letters(n))
    assert raise_alerts(now=now) == 0


def test_one_statement_whatever_the_number_of_petitions(lilas: Petition, now: datetime) -> None:
    counts = []
    for n in range(3):
        organisation = lilas.campaign.organisation
        other = make_petition(make_campaign(organisation), lilas.author, f"autre-{n}")
        for k in range(5):
            make_signature(other, f"paul{k}@rafale{n}.example", first_name=letters(k))
        with CaptureQueriesContext(connection) as queries:
            raise_alerts(now=now)
        counts.append(len(queries))
    assert Alert.objects.count() == 3
    assert len(set(counts)) == 1


def test_found_again_it_is_the_same_alert(lilas: Petition, now: datetime) -> None:
    for n in range(5):
        make_signature(lilas, f"marie{n}@orange.fr", first_name=letters(n))
    raise_alerts(now=now)
    make_signature(lilas, "marie9@orange.fr", first_name="Zoé")
    later = now + timedelta(minutes=15)
    raise_alerts(now=later)
    alert = Alert.objects.get()
    assert (alert.n, alert.raised_at, alert.seen_at) == (6, now, later)


def test_dismissed_it_comes_back_only_doubled(lilas: Petition, hugo: User, now: datetime) -> None:
    for n in range(5):
        make_signature(lilas, f"marie{n}@orange.fr", first_name=letters(n))
    raise_alerts(now=now)
    dismiss(alert=Alert.objects.get(), why="Une classe", by=hugo, now=now)
    make_signature(lilas, "marie5@orange.fr", first_name="Zoé")
    raise_alerts(now=now)
    assert not open_alerts(lilas, now=now)
    for n in range(6, 10):
        make_signature(lilas, f"marie{n}@orange.fr", first_name=letters(n))
    raise_alerts(now=now)
    assert [alert.n for alert in open_alerts(lilas, now=now)] == [10]


def mails() -> list[str]:
    jobs = ProcrastinateJob.objects.filter(task_name="messaging.send_account_mail").order_by("id")
    return [job.args["to"] for job in jobs]


def test_one_mail_a_day_to_who_may_look(
    lilas: Petition,
    valmont: Organisation,
    aicha: User,
    hugo: User,
    olga: User,
    mariam: User,
    now: datetime,
) -> None:
    other = make_petition(make_campaign(valmont, team_is_closed=True), aicha, "autre")
    TeamMember.objects.create(campaign=other.campaign, user=mariam, role="moderator")
    for place in (lilas, other):
        for n in range(5):
            make_signature(place, f"marie{n}@p{place.pk}.example", first_name=letters(n))
    raise_alerts(now=now)
    assert tell_alerts(now=now) == 3
    assert sorted(mails()) == [
        "aicha@valmont.example",
        "hugo@valmont.example",
        "mariam@valmont.example",
    ]
    whole = {
        job.args["to"]: job.args
        for job in ProcrastinateJob.objects.filter(task_name="messaging.send_account_mail")
    }
    assert whole["aicha@valmont.example"]["subject"].startswith("2 choses à regarder")
    assert whole["hugo@valmont.example"]["subject"].startswith("1 chose à regarder")
    text = whole["hugo@valmont.example"]["text"]
    assert f"marie#@p{lilas.pk}.example" in text
    assert "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/alertes/" in text
    assert tell_alerts(now=now) == 0  # told is told


def test_P41_a_wrong_tally_alarms_and_a_recount_settles_it(
    lilas: Petition, aicha: User, now: datetime
) -> None:
    make_signature(lilas)
    assert alarm_discrepancies(now=now) == []
    Tally.objects.filter(petition=lilas).update(counted=3, last_number=3)
    (found,) = alarm_discrepancies(now=now)
    assert (found.told.counted, found.true.counted) == (3, 1)
    (alert,) = open_alerts(lilas, now=now)
    assert sentence_of(alert) == (
        "Le décompte affiche 3, les signatures disent 1\u00a0: recomptez."
    )
    assert tell_alerts(now=now) == 1
    recount(petition=lilas, by=aicha.pk, now=now)
    settle_tally_alert(petition=lilas, by=aicha, now=now)
    assert not open_alerts(lilas, now=now)
    assert Signature.objects.get().number == 1
    assert alarm_discrepancies(now=now) == []


def test_P41_still_wrong_it_is_said_again(lilas: Petition, aicha: User, now: datetime) -> None:
    make_signature(lilas)
    Tally.objects.filter(petition=lilas).update(counted=0)
    alarm_discrepancies(now=now)
    tell_alerts(now=now)
    dismiss(alert=Alert.objects.get(), why="On verra", by=aicha, now=now)
    alarm_discrepancies(now=now + timedelta(days=1))
    assert open_alerts(lilas, now=now + timedelta(days=1))
    assert tell_alerts(now=now + timedelta(days=1)) == 1
