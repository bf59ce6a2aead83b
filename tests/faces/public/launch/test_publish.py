"""The end of a launch: who carries it, the mailbox proved by a code, the petition published."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from levier.faces.public.launch.mailbox_code import MOST_ATTEMPTS
from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Membership, Organisation, User
from levier.gathering.petitions.enums import PetitionState, SwitchKind
from levier.gathering.petitions.models.launch import LaunchDraft
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.switch import Switch
from levier.gathering.signing.models.tally import Tally
from tests.account_mails import queued_account_mails
from tests.cast import make_user
from tests.faces.public.launch.walk import ME, OWN, code_for, only_draft, publish, write
from tests.faces.public.page import html, parts, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def welcoming(valmont: Organisation, aicha: User) -> Organisation:
    """« Valmont à vélo » takes its supporters' petitions and reads them first."""
    valmont.welcomes_petitions = True
    valmont.welcome_words = "Des pétitions sur les mobilités à Valmont."
    valmont.save()
    return valmont


def test_a_citizen_publishes_alone_with_an_organisation_of_her_own(client: Client) -> None:
    write(client)
    answer = publish(client)
    assert answer["Location"] == "/lancer/et-maintenant/des-arbres-place-du-marche/"
    petition = Petition.objects.get()
    organisation = petition.campaign.organisation
    assert petition.state == PetitionState.OPEN
    assert petition.is_supporters is False
    assert petition.theme is not None
    assert petition.theme.slug == "environnement"
    assert organisation.legal_name == OWN["legal_name"]
    assert organisation.postal_address == OWN["postal_address"]
    assert organisation.reply_email == ME["email"]
    user = User.objects.get()
    assert (user.email, user.name) == (ME["email"], ME["name"])
    assert not user.has_usable_password()
    assert Membership.objects.get().role == Role.OWNER
    assert Tally.objects.get(petition=petition).counted == 0
    page = Client().get("/petitions/des-arbres-place-du-marche/")
    assert "Pétition à M. Le Goff, Maire, Ville de Valmont" in words(page)
    assert "par Nadia Ferrand, avec Collectif du Marché" in words(page)


def test_what_comes_next_is_told_to_her_and_to_nobody_else(
    client: Client, claire: User, stranger: User
) -> None:
    write(client)
    address = publish(client)["Location"]
    page = client.get(address)
    assert "Elle est ouverte. Et maintenant ?" in words(page)
    links = parts(page).links
    assert "/petitions/des-arbres-place-du-marche/affiche.pdf" in links
    assert "/petitions/des-arbres-place-du-marche/feuille.pdf" in links
    assert any(link.startswith("mailto:?") for link in links)
    assert Client().get(address)["Location"].startswith("/connexion/?next=/lancer/et-maintenant/")
    for outsider in (claire, stranger):
        other = Client()
        other.force_login(outsider, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert other.get(address).status_code == 404


def test_nothing_typed_stays_in_the_draft_once_published(client: Client) -> None:
    write(client)
    publish(client)
    assert only_draft().typed == {}


def test_publishing_twice_makes_one_petition(client: Client) -> None:
    write(client)
    first = publish(client)
    for path, typed in (("relire/", OWN), ("code/", {"code": "ABC"})):
        again = client.post(f"/lancer/{path}", typed)
        assert again["Location"] == first["Location"]
    assert Petition.objects.count() == 1


def test_the_next_petition_begins_anew_in_the_same_browser(client: Client) -> None:
    write(client)
    publish(client)
    page = client.get("/lancer/")
    assert "place du Marché" not in page.text
    write(client, image={"title": "Une autre"})
    page = client.get("/lancer/relire/")
    assert "Collectif du Marché" in words(page)  # her own team, now
    answer = client.post("/lancer/relire/", {"carrier": "collectif-du-marche"})
    assert answer["Location"] == "/lancer/et-maintenant/une-autre/"
    assert Organisation.objects.count() == 1
    assert Petition.objects.count() == 2


def test_P05_at_an_organisation_that_reads_first_it_waits_and_the_team_is_told(
    client: Client, welcoming: Organisation
) -> None:
    write(client)
    page = client.get("/lancer/relire/")
    assert "Des pétitions sur les mobilités à Valmont." in words(page)
    assert "Relue par son équipe avant d’être publiée." in words(page)
    answer = publish(client, {"carrier": "valmont-a-velo"})
    petition = Petition.objects.get()
    assert (petition.state, petition.is_supporters) == (PetitionState.IN_REVIEW, True)
    assert petition.campaign.organisation == welcoming
    assert not Membership.objects.filter(user=petition.author).exists()
    assert "Valmont à vélo va la relire" in words(client.get(answer["Location"]))
    mail = queued_account_mails()[-1]
    assert mail["to"] == "aicha@valmont.example"
    assert mail["subject"] == "À relire : Des arbres place du Marché"
    link = "http://testserver/tableau-de-bord/petitions/des-arbres-place-du-marche/relecture/"
    assert link in mail["text"]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "carte.png",
            "compteur.json",
            "decompte/",
            "versions/",
            "commentaires/",
            "qr.svg",
            "en/",
        )
    ],
)
def test_P05_nobody_reads_it_before_it_is_approved(
    client: Client, welcoming: Organisation, path: str
) -> None:
    write(client)
    publish(client, {"carrier": "valmont-a-velo"})
    address = f"/petitions/des-arbres-place-du-marche/{path}"
    for reader in (Client(), client):
        assert reader.get(address).status_code == 404
    assert "place du Marché" not in words(Client().get("/"))


def test_where_nobody_reads_first_it_opens_at_once(client: Client, welcoming: Organisation) -> None:
    welcoming.reviews_petitions = False
    welcoming.save()
    write(client)
    publish(client, {"carrier": "valmont-a-velo"})
    petition = Petition.objects.get()
    assert (petition.state, petition.is_supporters) == (PetitionState.OPEN, True)


@pytest.mark.parametrize("carrier", ["valmont-a-velo", "droits-debout", "rien"])
def test_an_organisation_that_welcomes_nobody_cannot_be_chosen(
    client: Client, valmont: Organisation, droits_debout: Organisation, carrier: str
) -> None:
    write(client)
    page = client.post("/lancer/relire/", {**ME, "carrier": carrier})
    assert page.status_code == 422
    assert "carrier" in page.context["form"].errors
    assert not queued_account_mails()


def test_an_organisation_that_stops_welcoming_meanwhile_keeps_the_draft(
    client: Client, welcoming: Organisation
) -> None:
    write(client)
    client.post("/lancer/relire/", {**ME, "carrier": "valmont-a-velo"})
    welcoming.welcomes_petitions = False
    welcoming.save()
    answer = client.post("/lancer/code/", {"code": code_for(ME["email"])})
    assert answer["Location"] == "/lancer/relire/"
    assert not Petition.objects.exists()
    assert only_draft().typed["title"] == "Des arbres place du Marché"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"carrier": ""}, "carrier"),
        ({"legal_name": ""}, "legal_name"),
        ({"postal_address": " "}, "postal_address"),
        ({"answers": ""}, "answers"),
        ({"name": ""}, "name"),
        ({"email": ""}, "email"),
        ({"email": "nadia@"}, "email"),
        ({"email": "n" * 250 + "@exemple.fr"}, "email"),
    ],
)
def test_each_wrong_field_is_said_and_the_rest_is_kept(
    client: Client, changes: dict[str, str], field: str
) -> None:
    write(client)
    typed = {**OWN, **ME, **changes}
    page = client.post("/lancer/relire/", typed)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    for value in set(typed.values()) - {"on", "+"}:
        assert value in html(page)
    assert not queued_account_mails()


def test_what_the_other_steps_lack_is_named_with_the_way_there(client: Client) -> None:
    client.get("/lancer/")
    client.post("/lancer/", {"search": "le conseil municipal"})
    page = client.post("/lancer/relire/", {**OWN, **ME})
    assert page.status_code == 422
    said = words(page)
    assert "Dites la fonction et l’institution de qui peut décider." in said
    assert "Écrivez votre demande" in said
    assert {"/lancer/", "/lancer/demande/", "/lancer/pourquoi/", "/lancer/image/"} <= set(
        parts(page).links
    )


def test_a_post_is_enough_when_nobody_knows_who_holds_it(client: Client) -> None:
    write(client, **{"": {"who_name": "", "who_honorific": ""}})
    publish(client)
    petition = Petition.objects.get()
    assert petition.addressee_person is None
    assert petition.state == PetitionState.OPEN
    page = Client().get("/petitions/des-arbres-place-du-marche/")
    assert "Pétition adressée à : Maire, Ville de Valmont" in words(page)


def test_the_code_goes_to_a_known_and_to_an_unknown_address_alike(
    client: Client, hugo: User
) -> None:
    answers = []
    for email in ("hugo@valmont.example", "nadia@courriel.example"):
        visitor = Client()
        write(visitor)
        answer = visitor.post("/lancer/relire/", {**OWN, **ME, "email": email})
        page = re.sub(r"\S+@\S+", "", words(visitor.get(answer["Location"])))
        answers.append((answer.status_code, answer["Location"], page))
    assert answers[0] == answers[1]
    assert User.objects.count() == 1  # nobody has proved that mailbox yet
    known, unknown = queued_account_mails()
    assert known["subject"] == unknown["subject"] == "Votre code pour publier la pétition"


def test_an_account_that_exists_is_used_and_keeps_its_name(client: Client, hugo: User) -> None:
    write(client)
    publish(client, {"carrier": "+", **OWN}, email="Hugo@Valmont.example", name="Un autre")
    assert User.objects.count() == 1
    assert Petition.objects.get().author == hugo
    hugo.refresh_from_db()
    assert hugo.name == "Hugo Marchand"


def test_a_second_factor_is_asked_before_anything_is_published(client: Client) -> None:
    user = make_user("nadia@courriel.example", "Nadia Ferrand")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    assert Authenticator.objects.filter(user=user).count() == 2
    write(client)
    answer = publish(client)
    assert answer["Location"].startswith("/connexion/verification/")
    assert not Petition.objects.exists()
    recovery = RecoveryCodes(
        Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    ).get_unused_codes()[0]
    back = client.post("/connexion/verification/", {"code": recovery})
    assert back["Location"] == "/lancer/relire/"
    assert "Vous êtes connecté·e" in words(client.get("/lancer/relire/"))
    client.post("/lancer/relire/", OWN)
    assert Petition.objects.get().author == user


def test_a_wrong_code_publishes_nothing_and_after_some_one_asks_again(client: Client) -> None:
    write(client)
    client.post("/lancer/relire/", {**OWN, **ME})
    for _ in range(MOST_ATTEMPTS - 1):
        page = client.post("/lancer/code/", {"code": "WRONG1"})
        assert page.status_code == 422
        assert "Ce code n’est pas le bon" in words(page)
    assert client.post("/lancer/code/", {"code": "WRONG1"})["Location"] == "/lancer/relire/"
    right = client.post("/lancer/code/", {"code": code_for(ME["email"])})
    assert right["Location"] == "/lancer/relire/"
    assert not User.objects.exists()
    assert not Petition.objects.exists()


def test_a_code_is_good_for_a_quarter_of_an_hour(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(client)
    client.post("/lancer/relire/", {**OWN, **ME})
    session = client.session
    session["launch_code"]["at"] -= timedelta(minutes=16).total_seconds()
    session.save()
    answer = client.post("/lancer/code/", {"code": code_for(ME["email"])})
    assert answer["Location"] == "/lancer/relire/"
    assert not User.objects.exists()


def test_a_new_code_replaces_the_former_three_times_at_most(client: Client) -> None:
    write(client)
    client.post("/lancer/relire/", {**OWN, **ME})
    first = code_for(ME["email"])
    for _ in range(5):
        again = client.post("/lancer/code/", {"act": "renvoyer"})
        assert again["Location"] == "/lancer/code/?renvoye"
    assert len(queued_account_mails()) == 4
    assert "Un nouveau code est parti" in words(client.get("/lancer/code/?renvoye"))
    assert client.post("/lancer/code/", {"code": first}).status_code == 422
    typed = f" {code_for(ME['email']).lower()} "
    assert "et-maintenant" in client.post("/lancer/code/", {"code": typed})["Location"]


def test_sign_up_stays_closed_everywhere_else(client: Client) -> None:
    write(client)
    page = client.post(
        "/connexion/sur-invitation/", {"email": "x@exemple.fr", "password1": "une longue phrase"}
    )
    assert page.status_code == 200
    assert "invitation" in words(page)
    assert not User.objects.exists()


def test_the_code_page_alone_leads_back(client: Client) -> None:
    assert client.get("/lancer/code/")["Location"].startswith("/lancer/relire/")
    assert client.post("/lancer/code/", {"code": "ABC"}).status_code == 303


def test_P71_while_launching_is_off_nothing_is_published_and_nothing_is_lost(
    client: Client,
) -> None:
    write(client)
    Switch.objects.create(
        kind=SwitchKind.LAUNCH, sentence="Revenez lundi.", thrown_at=timezone.now()
    )
    page = publish(client)
    assert page.status_code == 409
    assert "Revenez lundi." in words(page)
    assert not Petition.objects.exists()
    assert not Organisation.objects.exists()
    assert only_draft().typed["title"] == "Des arbres place du Marché"
    Switch.objects.all().delete()
    assert "et-maintenant" in client.post("/lancer/relire/", OWN)["Location"]


def test_too_many_codes_from_one_network_are_stopped(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = True
    write(client)
    statuses = [client.post("/lancer/relire/", {**OWN, **ME}).status_code for _ in range(31)]
    assert set(statuses) == {303, 429}
    assert LaunchDraft.objects.count() == 1


def test_P07_the_page_the_card_and_the_mail_are_as_they_will_be(client: Client) -> None:
    write(client)
    client.post("/lancer/relire/", {**OWN, **ME, "act": "precedent"})
    before = client.get("/lancer/relire/page/")
    card = client.get("/lancer/relire/carte.png")
    mail = html(client.get("/lancer/relire/courriel/"))
    assert "Des arbres place du Marché" in mail
    assert "Collectif du Marché" in mail
    assert "1 place du Marché, 00000 Valmont" in mail
    assert card.content.startswith(b"\x89PNG")
    publish(client)
    after = Client().get("/petitions/des-arbres-place-du-marche/")
    assert _bare(before) == _bare(after)
    assert Client().get("/petitions/des-arbres-place-du-marche/carte.png").content == card.content


def test_P07_the_preview_sends_no_form_and_only_we_frame_it(client: Client) -> None:
    write(client)
    for path in ("page/", "courriel/"):
        answer = client.get(f"/lancer/relire/{path}")
        policy = answer["Content-Security-Policy"]
        assert "form-action 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "sandbox" in policy
        assert "allow-scripts" not in policy
        assert "no-store" in answer["Cache-Control"]


def test_P07_another_browser_sees_nothing_of_it(client: Client) -> None:
    write(client)
    for path in ("page/", "courriel/"):
        assert "place du Marché" not in Client().get(f"/lancer/relire/{path}").text


def test_html_typed_is_text_in_the_preview_too(client: Client) -> None:
    nasty = "<script>alert(1)</script>"
    write(client, image={"title": nasty}, pourquoi={"story": nasty}, demande={"ask": nasty})
    for path in ("", "page/", "courriel/"):
        assert nasty not in client.get(f"/lancer/relire/{path}").text


def test_the_first_version_says_what_was_typed(client: Client) -> None:
    write(client)
    publish(client)
    version = Version.objects.get()
    assert version.story.startswith("<p>Il fait <strong>41 degrés</strong> l’été.</p>")
    assert version.published_at is not None


def _bare(response: object) -> str:
    """The page without what only a published one has: scripts, the card's own figure."""
    source = html(response)  # type: ignore[arg-type]
    source = re.sub(r"(?s)<script\b.*?</script>", "", source)
    return re.sub(r"\s+", " ", source)
