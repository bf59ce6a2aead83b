"""P5: a supporter's petition is read by the team first; its author follows it and sees nobody."""

import json
from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.models import Campaign
from levier.foundation.ledger.models import Entry
from levier.gathering.petitions.actions.drafting import (
    Words,
    save_draft,
    set_addressee,
    start_draft,
)
from levier.gathering.petitions.actions.reviewing import submit_for_review
from levier.gathering.petitions.enums import CommentState, PetitionState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.review import Review
from levier.gathering.signing.models.tally import Tally
from tests.account_mails import queued_account_mails
from tests.cast import make_addressee, make_campaign, make_signature, make_user, person_of
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
DESK = "/tableau-de-bord/petitions/des-arbres/"
WORDS = Words(
    title="Des arbres", ask="Que la Ville plante vingt arbres avant mars.", story="<p>Chaud.</p>"
)


@pytest.fixture
def nadia(db: None) -> User:
    """A supporter who works for no organisation."""
    return make_user("nadia@courriel.example", "Nadia Ferrand")


def proposed(organisation: Organisation, author: User, now: datetime, title: str) -> Petition:
    organisation.welcomes_petitions = True
    organisation.save()
    words = Words(title=title, ask=WORDS.ask, story=WORDS.story)
    petition = start_draft(campaign=make_campaign(organisation), words=words, by=author, now=now)
    Petition.objects.filter(pk=petition.pk).update(is_supporters=True)
    post, _ = make_addressee(organisation)
    petition = set_addressee(petition=petition, mandate=None, post=post, by=author, now=now)
    return submit_for_review(petition=petition, by=author, now=now)


@pytest.fixture
def trees(valmont: Organisation, aicha: User, nadia: User, now: datetime) -> Petition:
    """« Des arbres », proposed by Nadia to « Valmont à vélo », waiting to be read."""
    return proposed(valmont, nadia, now, WORDS.title)


def seen(petition: Petition) -> dict[str, str]:
    return {"seen": bytes(Version.objects.get(petition=petition).sha256).hex()}


def acts() -> list[str]:
    leaves = Entry.objects.order_by("scope", "seq").values_list("leaf", flat=True)
    return [json.loads(bytes(leaf))["act"] for leaf in leaves]


def test_P05_the_team_finds_it_and_reads_it_as_it_will_be(
    trees: Petition, seat: SeatedAt, hugo: User
) -> None:
    desk = seat(hugo)
    listed = desk.get("/tableau-de-bord/relectures/").text
    assert f"{DESK}relecture/" in listed
    assert "Nadia Ferrand" in listed
    page = desk.get(f"{DESK}relecture/")
    assert "Approuver et publier" in page.text
    look = page.context["look"]
    shown = Client().get(look)
    assert "Des arbres" in shown.text
    assert shown["X-Robots-Tag"] == "noindex"
    assert Client().get(f"{look}carte.png").content.startswith(b"\x89PNG")
    assert "Des arbres" in Client().get(f"{look}courriel/").text
    assert Client().get("/petitions/des-arbres/").status_code == 404


def test_P05_approved_it_opens_and_its_author_is_told(
    trees: Petition, seat: SeatedAt, aicha: User
) -> None:
    answer = seat(aicha).post(f"{DESK}relecture/approuver/", seen(trees))
    assert answer["Location"] == DESK
    trees.refresh_from_db()
    assert trees.state == PetitionState.OPEN
    assert Tally.objects.filter(petition=trees).exists()
    assert Client().get("/petitions/des-arbres/").status_code == 200
    review = Review.objects.get()
    assert (review.approved, review.decided_by) == (True, aicha)
    mail = queued_account_mails()[-1]
    assert mail["to"] == "nadia@courriel.example"
    assert "http://testserver/petitions/des-arbres/" in mail["text"]
    assert {"petitions.submit_for_review", "petitions.publish"} <= set(acts())


def test_P05_refused_it_keeps_its_text_and_says_why(
    trees: Petition, seat: SeatedAt, aicha: User, nadia: User
) -> None:
    reason = "Dites combien d’arbres, et où."
    answer = seat(aicha).post(f"{DESK}relecture/refuser/", {**seen(trees), "reason": reason})
    assert answer["Location"] == "/tableau-de-bord/relectures/"
    trees.refresh_from_db()
    assert trees.state == PetitionState.DRAFT
    assert Version.objects.get(petition=trees).title == WORDS.title
    mail = queued_account_mails()[-1]
    assert mail["to"] == "nadia@courriel.example"
    assert reason in mail["text"]
    assert "petitions.refuse" in acts()
    page = seat(nadia).get(f"{DESK}apercu/").text
    assert reason in page
    assert "Proposer de nouveau" in page
    seat(nadia).post(f"{DESK}proposer/")
    trees.refresh_from_db()
    assert trees.state == PetitionState.IN_REVIEW
    assert Review.objects.count() == 2


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 2_001])
def test_P05_a_refusal_without_a_reason_is_no_refusal(
    trees: Petition, seat: SeatedAt, aicha: User, reason: str
) -> None:
    page = seat(aicha).post(f"{DESK}relecture/refuser/", {**seen(trees), "reason": reason})
    assert page.status_code == 422
    assert "reason" in page.context["form"].errors
    trees.refresh_from_db()
    assert trees.state == PetitionState.IN_REVIEW


@pytest.mark.parametrize("act", ["approuver/", "refuser/"])
def test_what_changed_while_it_was_read_is_read_again(
    trees: Petition, seat: SeatedAt, aicha: User, nadia: User, now: datetime, act: str
) -> None:
    read = seen(trees)
    other = Words(title="Des voitures", ask=WORDS.ask, story=WORDS.story)
    save_draft(petition=trees, words=other, by=nadia, now=now)
    page = seat(aicha).post(f"{DESK}relecture/{act}", {**read, "reason": "Non."}, follow=True)
    assert "Le texte a changé pendant votre lecture." in page.text
    trees.refresh_from_db()
    assert trees.state == PetitionState.IN_REVIEW


def test_it_is_decided_once(trees: Petition, seat: SeatedAt, aicha: User, hugo: User) -> None:
    read = seen(trees)
    seat(aicha).post(f"{DESK}relecture/approuver/", read)
    late = seat(hugo).post(f"{DESK}relecture/refuser/", {**read, "reason": "Trop tard."})
    assert late.status_code == 422
    trees.refresh_from_db()
    assert trees.state == PetitionState.OPEN


def test_the_team_s_own_button_leads_to_the_reading(
    trees: Petition, seat: SeatedAt, aicha: User
) -> None:
    answer = seat(aicha).post(f"{DESK}publier/")
    assert answer["Location"] == f"{DESK}relecture/"
    trees.refresh_from_db()
    assert trees.state == PetitionState.IN_REVIEW


def test_the_author_writes_and_sees_it_but_decides_nothing(
    trees: Petition, seat: SeatedAt, nadia: User
) -> None:
    desk = seat(nadia)
    assert "Des arbres" in desk.get("/tableau-de-bord/").text
    assert "Valmont à vélo va la relire." in desk.get(f"{DESK}apercu/").text
    page = desk.get(f"{DESK}modifier/")
    form = page.context["form"]
    assert {"title", "ask", "story", "theme"} <= set(form.fields)
    assert {"mandate", "slug", "closes_on", "count_policy", "campaign", "goal"}.isdisjoint(
        form.fields
    )
    typed = {name: form[name].value() or "" for name in form.fields if name != "image"}
    answer = desk.post(f"{DESK}modifier/", {**typed, "title": "Vingt arbres"})
    assert answer["Location"] == f"{DESK}apercu/"
    assert Version.objects.get(petition=trees).title == "Vingt arbres"
    for path in (
        "relecture/",
        "signatures/",
        "commentaires/",
        "a-verifier/",
        "clore/",
        "reglages/",
    ):
        assert desk.get(f"{DESK}{path}").status_code in {403, 404}
    for path in ("publier/", "relecture/approuver/", "relecture/refuser/", "signatures/exporter/"):
        assert desk.post(f"{DESK}{path}", seen(trees)).status_code in {403, 404}
    assert desk.get("/tableau-de-bord/equipe/?organisation=valmont-a-velo").status_code == 404
    trees.refresh_from_db()
    assert trees.state == PetitionState.IN_REVIEW


def test_the_author_follows_the_numbers_and_reads_nobody_s_name(
    trees: Petition, seat: SeatedAt, aicha: User, nadia: User, now: datetime
) -> None:
    seat(aicha).post(f"{DESK}relecture/approuver/", seen(trees))
    trees.refresh_from_db()
    signature = make_signature(trees, first_name="Camille", last_name="Roche")
    Comment.objects.create(
        petition=trees,
        person=person_of(signature),
        text="Ma rue aussi.",
        state=CommentState.WAITING,
        created_at=now,
    )
    page = seat(nadia).get(DESK)
    assert page.status_code == 200
    assert "Une personne demande avec vous." in page.text
    assert "Camille" not in page.text
    assert "Ma rue aussi." not in page.text
    assert "Camille" in seat(aicha).get(DESK).text


def test_once_read_and_open_the_author_no_longer_changes_what_was_read(
    trees: Petition, seat: SeatedAt, aicha: User, nadia: User, valmont: Organisation
) -> None:
    seat(aicha).post(f"{DESK}relecture/approuver/", seen(trees))
    assert seat(nadia).get(f"{DESK}modifier/").status_code == 403
    Organisation.objects.filter(pk=valmont.pk).update(reviews_petitions=False)
    assert seat(nadia).get(f"{DESK}modifier/").status_code == 200


def test_a_former_member_does_not_keep_the_petitions_they_wrote_at_work(
    lilas: Petition, seat: SeatedAt, stranger: User
) -> None:
    Petition.objects.filter(pk=lilas.pk).update(author=stranger)
    page = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"
    for path in ("", "apercu/", "modifier/"):
        assert seat(stranger).get(f"{page}{path}").status_code == 404


def test_the_dashboard_says_what_to_do_to_each(
    trees: Petition, seat: SeatedAt, aicha: User, nadia: User
) -> None:
    assert "Relisez-la, puis répondez." in seat(aicha).get(DESK).text
    assert "L’équipe la relit." in seat(nadia).get(DESK).text


def test_another_supporter_finds_nothing(trees: Petition, seat: SeatedAt, stranger: User) -> None:
    for path in ("", "apercu/", "modifier/", "relecture/"):
        assert seat(stranger).get(f"{DESK}{path}").status_code == 404


def test_an_observer_of_the_team_reads_the_numbers_but_does_not_answer(
    trees: Petition, seat: SeatedAt, olga: User
) -> None:
    assert seat(olga).get(f"{DESK}relecture/").status_code == 403
    assert seat(olga).get("/tableau-de-bord/relectures/").status_code == 403


@pytest.mark.parametrize("token", ["x", "AAAA", "a" * 300])
def test_a_preview_link_that_was_altered_shows_nothing(token: str, db: None) -> None:
    for path in ("", "carte.png", "courriel/"):
        assert Client().get(f"/apercu/{token}/{path}").status_code == 404


def test_the_list_costs_the_same_with_one_and_three(
    trees: Petition,
    valmont: Organisation,
    nadia: User,
    aicha: User,
    now: datetime,
    seat: SeatedAt,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    desk = seat(aicha)
    with django_assert_max_num_queries(9):
        desk.get("/tableau-de-bord/relectures/")
    for title in ("Un banc", "Un kiosque"):
        proposed(valmont, nadia, now, title)
    with django_assert_max_num_queries(9):
        page = desk.get("/tableau-de-bord/relectures/").text
    assert page.index("Des arbres") < page.index("Un banc") < page.index("Un kiosque")


def test_nothing_to_read_says_so_and_how_to_welcome(
    aicha: User, seat: SeatedAt, lilas: Petition
) -> None:
    page = seat(aicha).get("/tableau-de-bord/relectures/").text
    assert "Rien à relire." in page
    assert "/tableau-de-bord/reglages/accueil/?organisation=valmont-a-velo" in page


def test_an_owner_sets_the_welcome_and_it_is_logged(
    aicha: User, hugo: User, valmont: Organisation, seat: SeatedAt
) -> None:
    typed = {"welcomes_petitions": "on", "welcome_words": "Les mobilités."}
    address = "/tableau-de-bord/reglages/accueil/"
    assert seat(hugo).post(address, typed).status_code == 403
    assert seat(aicha).post(address, typed).status_code == 302
    valmont.refresh_from_db()
    assert (valmont.welcomes_petitions, valmont.reviews_petitions) == (True, False)
    assert valmont.welcome_words == "Les mobilités."
    assert "accounts.set_welcome" in acts()
    page = seat(aicha).post(address, {"welcome_words": "x" * 301})
    assert page.status_code == 422


def test_each_campaign_keeps_its_own(trees: Petition) -> None:
    assert Campaign.objects.count() == 1
    assert trees.campaign.organisation.slug == "valmont-a-velo"
