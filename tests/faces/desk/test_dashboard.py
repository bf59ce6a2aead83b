"""The dashboard says what is true, and one thing to do."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from levier.faces.desk.advice import facts_of
from levier.faces.desk.dashboard import cumulative
from levier.faces.desk.next_step.choice import next_step, next_steps
from levier.faces.desk.next_step.situation import Situation
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.enums import CountPolicy
from levier.foundation.directory.actions import Reached, add_contact
from levier.gathering.petitions.actions.drafting import Words
from levier.gathering.petitions.actions.press import Mention, add_press_link
from levier.gathering.petitions.actions.translating import save_translation
from levier.gathering.petitions.actions.winning import Decision, mark_won
from levier.gathering.petitions.models.advice import PostponedStep
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.raise_alerts import raise_alerts
from levier.gathering.signing.models.alert import Alert
from levier.gathering.signing.models.journals import AreaTally, DayTally
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.curve import days_of
from tests.cast import NOW, make_campaign, make_petition, make_signature
from tests.faces.desk.conftest import SeatedAt
from tests.journals import journalled

pytestmark = pytest.mark.django_db
LILAS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"


@pytest.fixture
def desk(seat: SeatedAt, aicha: User, lilas: Petition) -> Client:
    return seat(aicha)


def figures(client: Client) -> tuple[int, int, int, int]:
    context = client.get(LILAS).context
    situation = context["situation"]
    return situation.total, situation.this_week, context["pending"], context["held"]


def test_figures_are_the_tally_s(desk: Client, lilas: Petition) -> None:
    now = timezone.now()
    make_signature(lilas, signed_at=now, confirmed_at=now)
    make_signature(lilas, signed_at=now)
    make_signature(lilas, signed_at=now - timedelta(days=30))
    make_signature(lilas, signed_at=now, state="held", reason="rate")
    journalled(lilas)
    assert figures(desk) == (3, 2, 2, 1)
    Tally.objects.update(paper=10)
    assert figures(desk)[0] == 13


def test_P15_under_confirmed_what_waits_is_counted_apart(desk: Client, lilas: Petition) -> None:
    Petition.objects.update(count_policy=CountPolicy.CONFIRMED)
    make_signature(lilas, state="pending")
    make_signature(lilas, state="pending")
    assert figures(desk) == (0, 0, 2, 0)


def test_P54_the_last_signatories_are_a_first_name_and_a_letter(
    desk: Client, lilas: Petition
) -> None:
    make_signature(lilas, "paul@exemple.fr", first_name="Paul", last_name="Tremblay")
    page = desk.get(LILAS).text
    assert "Paul T." in page
    assert "Tremblay" not in page
    assert "paul@exemple.fr" not in page


def test_the_curve_is_drawn_and_told_in_a_table(desk: Client, lilas: Petition) -> None:
    now = timezone.now()
    for days in (3, 3, 1):
        make_signature(lilas, signed_at=now - timedelta(days=days))
    journalled(lilas)
    page = desk.get(LILAS)
    assert 'class="chart__wide"' in page.text
    assert 'class="chart__narrow"' in page.text
    assert [row["total"] for row in page.context["figures"]] == [2, 2, 3, 3]


def test_what_the_journal_has_not_counted_yet_is_today_s_and_told(
    desk: Client, lilas: Petition
) -> None:
    now = timezone.now()
    make_signature(lilas, signed_at=now - timedelta(days=3))
    journalled(lilas)
    page = desk.get(LILAS)
    assert [row["total"] for row in page.context["figures"]] == [1, 1, 1, 1]
    assert "n’est pas encore rangé" not in page.text
    make_signature(lilas, signed_at=now)
    page = desk.get(LILAS)
    assert [row["total"] for row in page.context["figures"]] == [1, 1, 1, 2]
    assert "Le dernier mouvement n’est pas encore rangé à son jour" in page.text


def test_the_curve_costs_the_same_whatever_the_number_of_signatures(
    desk: Client, lilas: Petition
) -> None:
    """One statement, over a row a day, that never reads a signature."""
    now = timezone.now()
    for _ in range(20):
        make_signature(lilas, signed_at=now - timedelta(days=2))
    journalled(lilas)
    with CaptureQueriesContext(connection) as queries:
        days = days_of(lilas, counted=20, today=now.date())
    assert [n for _, n in days.counts] == [20]
    assert len(queries) == 1
    assert "levier_signature" not in queries[0]["sql"]
    assert DayTally.objects.count() == 1


def test_a_page_of_a_draft_says_to_publish(seat: SeatedAt, aicha: User, lilas: Petition) -> None:
    Tally.objects.all().delete()
    Petition.objects.update(state="draft", version=None, published_at=None)
    page = seat(aicha).get(LILAS)
    assert page.status_code == 200
    assert "Relisez, puis publiez." in page.text
    assert "/petitions/piste-cyclable-rue-des-lilas/qr.svg" not in page.text


def test_the_only_petition_is_the_dashboard_and_several_are_a_list(
    desk: Client, lilas: Petition, aicha: User
) -> None:
    assert "Bonjour Aïcha" in desk.get("/tableau-de-bord/").text
    make_petition(make_campaign(lilas.campaign.organisation), aicha, slug="autre")
    page = desk.get("/tableau-de-bord/").text
    assert "Vos pétitions" in page
    assert LILAS in page
    assert "/tableau-de-bord/petitions/autre/" in page


def test_the_list_takes_as_many_queries_for_one_as_for_three(
    desk: Client, lilas: Petition, aicha: User
) -> None:
    counts = []
    for more in ([], ["deux", "trois"]):
        for slug in more:
            make_petition(make_campaign(lilas.campaign.organisation), aicha, slug=slug)
        with CaptureQueriesContext(connection) as queries:
            desk.get("/tableau-de-bord/petitions/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_the_dashboard_takes_as_many_queries_for_one_as_for_three(
    desk: Client, lilas: Petition, now: datetime
) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            person = make_signature(lilas).person
            assert person is not None
            Comment.objects.create(petition=lilas, person=person, text="Oui !" * 3, created_at=now)
        with CaptureQueriesContext(connection) as queries:
            desk.get(LILAS)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 24


def test_days_without_a_signature_are_flat() -> None:
    days = [(date(2026, 9, 14), 2), (date(2026, 9, 16), 1)]
    assert cumulative(days, today=date(2026, 9, 17)) == [
        (date(2026, 9, 13), 0),
        (date(2026, 9, 14), 2),
        (date(2026, 9, 15), 2),
        (date(2026, 9, 16), 3),
        (date(2026, 9, 17), 3),
    ]


CALM: dict[str, Any] = {
    "slug": "lilas",
    "state": "open",
    "now": NOW,
    "total": 300,
    "confirmed": 280,
    "held": 0,
    "waiting_comments": 0,
    "goal": 500,
    "this_week": 12,
    "may_edit": True,
    "may_moderate": True,
}


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "12 signatures depuis lundi"),
        ({"state": "draft"}, "Relisez, puis publiez."),
        ({"state": "paused"}, "Rouvrez la pétition"),
        ({"state": "closed"}, "Obtenu ? Déclarez la victoire."),
        ({"state": "closed", "may_edit": False}, "Faites connaître le résultat."),
        ({"state": "removed"}, "Faites connaître le résultat."),
        ({"state": "won", "has_victory": True}, "Célébrez avec ceux et celles qui ont signé."),
        ({"alerts": 1, "held": 30}, "Une chose inhabituelle à regarder."),
        ({"alerts": 2, "may_moderate": False}, "12 signatures depuis lundi"),
        ({"has_addressee": False}, "Trouvez qui est en charge du dossier."),
        ({"closes_at": NOW + timedelta(days=3)}, "Dernière ligne droite"),
        ({"closes_at": NOW + timedelta(days=30)}, "12 signatures depuis lundi"),
        ({"has_image": False}, "Ajoutez une image."),
        ({"has_image": False, "may_edit": False}, "12 signatures depuis lundi"),
        ({"has_paper": False}, "Faites signer là où les gens passent."),
        ({"has_featured": False}, "Mettez un commentaire en avant."),
        ({"has_partner": False}, "Faites-la porter par d’autres."),
        ({"has_partner": False, "total": 60, "goal": 100}, "12 signatures depuis lundi"),
        ({"has_press": False}, "Montrez ce qu’en dit la presse."),
        ({"has_press": False, "total": 60, "goal": 100}, "12 signatures depuis lundi"),
        ({"has_contact": False}, "Notez comment joindre qui décide."),
        ({"has_contact": False, "has_addressee": False}, "Trouvez qui est en charge du dossier."),
        ({"has_contact": False, "may_edit": False}, "12 signatures depuis lundi"),
        ({"has_translation": False, "abroad": 30}, "Traduisez-la : on la signe aussi d’ailleurs."),
        ({"has_translation": False, "abroad": 29}, "12 signatures depuis lundi"),
        ({"abroad": 300}, "12 signatures depuis lundi"),
        ({"held": 1}, "Une signature attend"),
        ({"held": 3, "waiting_comments": 2}, "2 personnes vous disent pourquoi"),
        ({"held": 1_200, "waiting_comments": 2}, "1\u202f200 signatures attendent"),
        ({"waiting_comments": 1}, "Quelqu’un vous dit pourquoi"),
        ({"waiting_comments": 1, "may_moderate": False}, "12 signatures depuis lundi"),
        ({"total": 0, "confirmed": 0}, "Partagez-la à votre cercle proche."),
        ({"total": 460}, "Encore 40 signatures avant 500."),
        ({"total": 499}, "Encore une signature avant 500."),
        ({"this_week": 0}, "Personne n’a signé depuis lundi"),
    ],
)
def test_one_thing_to_do_comes_from_what_is_true(changes: dict[str, Any], title: str) -> None:
    step = next_step(Situation(**{**CALM, **changes}))
    assert step.title.replace("\u00a0", " ").replace("\u202f?", " ?").startswith(title)
    assert step.address.startswith(("/tableau-de-bord/petitions/lilas/", "/petitions/lilas/"))


def test_only_the_last_milestones_stand_before_the_next(
    desk: Client, lilas: Petition, now: datetime
) -> None:
    for n, threshold in enumerate((100, 200, 500)):
        at = now + timedelta(days=n)
        Milestone.objects.create(petition=lilas, threshold=threshold, reached_at=at)
    shown = [one.threshold for one in desk.get(LILAS).context["milestones"]]
    assert shown == [200, 500]


def test_each_role_reads_what_an_empty_list_means(
    seat: SeatedAt, valmont: Organisation, mariam: User, olga: User
) -> None:
    assert "Celles de votre équipe paraîtront ici" in seat(olga).get("/tableau-de-bord/").text
    assert "Votre rôle n’ouvre encore rien ici" in seat(mariam).get("/tableau-de-bord/").text


def test_one_first_then_the_others_each_with_its_why() -> None:
    steps = next_steps(
        Situation(**{**CALM, "held": 1, "has_image": False, "has_paper": False, "this_week": 0})
    )
    assert [step.key for step in steps] == ["held", "quiet", "image", "paper", "victory"]
    assert all(step.why and step.label for step in steps)


def test_what_is_put_off_comes_back_in_a_week(desk: Client, lilas: Petition, now: datetime) -> None:
    assert desk.get(LILAS).context["step"].key == "circle"
    page = desk.post(f"{LILAS}suite/circle/plus-tard/", follow=True)
    assert "reviendra dans une semaine" in page.text
    assert page.context["step"].key != "circle"
    PostponedStep.objects.update(until=timezone.now() - timedelta(minutes=1))
    assert desk.get(LILAS).context["step"].key == "circle"


def test_only_a_known_step_is_put_off(desk: Client, lilas: Petition) -> None:
    assert desk.post(f"{LILAS}suite/inconnu/plus-tard/").status_code == 404
    assert not PostponedStep.objects.exists()


def test_an_alert_is_on_the_dashboard_of_who_may_look(
    desk: Client, seat: SeatedAt, olga: User, lilas: Petition, now: datetime
) -> None:
    for n in range(5):
        make_signature(lilas, f"marie{n}@orange.fr", first_name=f"P{n}")
    raise_alerts(now=now)
    Alert.objects.update(seen_at=timezone.now())
    assert "5 adresses se suivent" in desk.get(LILAS).text
    assert "adresses se suivent" not in seat(olga).get(LILAS).text


def test_a_victory_ends_the_thread(desk: Client, lilas: Petition, now: datetime) -> None:
    told = Decision(
        decision="Voté.", decided_on=date(2026, 9, 14), evidence_url="https://valmont.example"
    )
    mark_won(petition=lilas, decision=told, by=lilas.author, now=now)
    page = desk.get(LILAS)
    assert page.context["thread"][-1]["said"] == "Obtenue le 14\u00a0septembre 2026"
    assert page.context["step"].key == "tell"


def test_what_is_known_of_contacts_press_and_languages(
    lilas: Petition, hugo: User, now: datetime
) -> None:
    facts = facts_of(lilas, now=now)
    assert (facts.has_contact, facts.has_press, facts.has_translation) == (False, False, False)
    assert facts.abroad == 0
    assert lilas.addressee_post is not None
    how = Reached(type="voice", value="02 99 00 00 00")
    add_contact(whose=lilas.addressee_post, how=how, by=hugo, now=now)
    said = Mention(url="https://presse.example/1", title="Un", outlet="Le Val", day=now.date())
    add_press_link(petition=lilas, mention=said, by=hugo, now=now)
    words = Words(title="A lane", ask="We ask for a lane.", story="<p>Now.</p>")
    save_translation(petition=lilas, language="en", words=words, is_signed=False, by=hugo, now=now)
    for area, counted in (("FR-35", 900), ("DE", 40), ("GB", 2), ("BE-WBR", 10)):
        AreaTally.objects.create(petition=lilas, area=area, counted=counted)
    facts = facts_of(lilas, now=now)
    assert (facts.has_contact, facts.has_press, facts.has_translation) == (True, True, True)
    assert facts.abroad == 42
