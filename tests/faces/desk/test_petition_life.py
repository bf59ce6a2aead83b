"""Another address, other hands, a victory, an end: from the desk."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.common.scans import keep_scan
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.victory import Victory
from levier.gathering.signing.models.tally import Tally
from tests.cast import make_campaign, make_petition, make_signature
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
LILAS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"
PAGE = "/petitions/piste-cyclable-rue-des-lilas/victoire/"
PDF = b"%PDF-1.7 deliberation"
VOTED = {
    "decision": "Le conseil municipal a voté la piste.",
    "decided_on": "2026-09-14",
    "evidence_url": "https://valmont.example/vote",
    "evidence_label": "",
}


@pytest.fixture
def desk(seat: SeatedAt, lilas: Petition) -> Client:
    return seat(lilas.author)


def test_P62_a_victory_is_declared_then_corrected(desk: Client, lilas: Petition) -> None:
    page = desk.get(f"{LILAS}victoire/").text
    assert "avant l’été 2027" in page  # the ask, to compare the decision with
    response = desk.post(f"{LILAS}victoire/", VOTED)
    assert response["Location"] == LILAS
    assert Petition.objects.get(pk=lilas.pk).state == "won"
    page = desk.get(f"{LILAS}victoire/").text
    assert "Le conseil municipal a voté la piste." in page
    desk.post(f"{LILAS}victoire/", {**VOTED, "evidence_label": "Point 7"})
    assert Victory.objects.get().evidence_label == "Point 7"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("decision", " ", "obligatoire"),
        ("decided_on", "2999-01-01", "une fois la décision prise"),
        ("decided_on", "hier", "date"),
        ("evidence_url", "", "joignez le papier"),
        ("evidence_url", "javascript:alert(1)", "Cette adresse ne semble pas complète"),
        ("evidence_url", "pas une adresse", "Cette adresse ne semble pas complète"),
    ],
)
def test_P62_what_is_missing_is_said_and_nothing_is_lost(
    field: str, typed: str, said: str, desk: Client, lilas: Petition
) -> None:
    response = desk.post(f"{LILAS}victoire/", {**VOTED, field: typed})
    assert response.status_code == 422
    assert said in response.text
    for kept in set(VOTED.values()) - {VOTED[field], ""}:
        assert kept in response.text
    assert Petition.objects.get(pk=lilas.pk).state == "open"


def paper(content: bytes, name: str = "deliberation.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.usefixtures("private_files")
def test_P62_a_paper_proves_it_too(desk: Client, client: Client, lilas: Petition) -> None:
    told = {**VOTED, "evidence_url": "", "evidence": paper(PDF)}
    assert desk.post(f"{LILAS}victoire/", told).status_code == 302
    public = client.get(PAGE)
    assert f'href="{PAGE}preuve"' in public.text
    served = client.get(f"{PAGE}preuve")
    assert served.getvalue() == PDF
    assert served["Content-Disposition"].startswith("attachment")
    assert served["X-Content-Type-Options"] == "nosniff"
    # Corrected without sending it again, it stays; taken away, an address is wanted.
    kept = Victory.objects.get().evidence_file
    assert f'value="{kept}"' in desk.get(f"{LILAS}victoire/").text
    again = {**VOTED, "evidence_url": "", "kept_evidence": kept}
    assert desk.post(f"{LILAS}victoire/", again).status_code == 302
    assert Victory.objects.get().evidence_file == kept
    dropped = desk.post(f"{LILAS}victoire/", {**again, "drop_evidence": "on"})
    assert dropped.status_code == 422


@pytest.mark.usefixtures("private_files")
def test_P62_a_paper_is_not_sent_twice_because_of_another_field(desk: Client) -> None:
    told = {**VOTED, "evidence_url": "", "decision": " ", "evidence": paper(PDF)}
    response = desk.post(f"{LILAS}victoire/", told)
    assert response.status_code == 422
    (kept,) = re.findall(r'name="kept_evidence" value="([0-9a-f]{32}\.pdf)"', response.text)
    again = {**VOTED, "evidence_url": "", "kept_evidence": kept}
    assert desk.post(f"{LILAS}victoire/", again).status_code == 302
    assert Victory.objects.get().evidence_file == kept


@pytest.mark.usefixtures("private_files")
@pytest.mark.parametrize("content", [b"<svg/>", b"<html>", b"\x89PNG nothing", b"x"])
def test_P62_what_is_no_paper_is_refused(content: bytes, desk: Client, lilas: Petition) -> None:
    told = {**VOTED, "evidence": paper(content, "vote.png")}
    response = desk.post(f"{LILAS}victoire/", told)
    assert response.status_code == 422
    assert "PDF, ou image" in response.text
    assert not Victory.objects.exists()


@pytest.mark.usefixtures("private_files")
def test_another_name_opens_no_other_file(desk: Client, client: Client, lilas: Petition) -> None:
    scan = keep_scan(BytesIO(PDF))  # a paper sheet, with names
    told = {**VOTED, "kept_evidence": scan}
    assert desk.post(f"{LILAS}victoire/", told).status_code == 302
    assert Victory.objects.get().evidence_file == ""
    assert client.get(f"{PAGE}preuve").status_code == 404


def test_removed_with_a_reason(desk: Client, lilas: Petition) -> None:
    assert desk.post(f"{LILAS}retirer/", {"reason": ""}).status_code == 422
    page = desk.post(f"{LILAS}retirer/", {"reason": "Publiée deux fois."}, follow=True).text
    assert "La pétition est retirée" in page
    assert Petition.objects.get(pk=lilas.pk).state == "removed"
    assert "Seule une pétition en ligne" in desk.get(f"{LILAS}retirer/").text


def test_renamed_the_old_address_leads_to_the_new_one(
    desk: Client, lilas: Petition, client: Client
) -> None:
    desk.post(f"{LILAS}adresse/", {"slug": "Velo-2027"})
    response = client.get("/petitions/piste-cyclable-rue-des-lilas/?ref=abcdefgh")
    assert (response.status_code, response["Location"]) == (
        301,
        "/petitions/velo-2027/?ref=abcdefgh",
    )


def test_an_address_that_is_taken_or_impossible_is_said(desk: Client, lilas: Petition) -> None:
    make_petition(make_campaign(lilas.campaign.organisation), lilas.author, "autre")
    for slug, said in (("autre", "déjà prise"), ("é tè", "Lettres sans accent")):
        response = desk.post(f"{LILAS}adresse/", {"slug": slug})
        assert response.status_code == 422
        assert said in response.text


def test_handed_to_another_campaign_and_author(desk: Client, lilas: Petition, hugo: User) -> None:
    there = make_campaign(lilas.campaign.organisation, name="Bus de nuit")
    page = desk.get(f"{LILAS}transmettre/").text
    assert "Bus de nuit" in page
    assert "Hugo Marchand" in page
    desk.post(f"{LILAS}transmettre/", {"campaign": there.pk, "author": hugo.pk})
    lilas.refresh_from_db()
    assert (lilas.campaign, lilas.author) == (there, hugo)


def test_nothing_is_handed_outside(
    desk: Client, lilas: Petition, droits_debout: Organisation, claire: User
) -> None:
    there = make_campaign(droits_debout, name="Parole")
    assert "Parole" not in desk.get(f"{LILAS}transmettre/").text
    sent = {"campaign": there.pk, "author": claire.pk}
    assert desk.post(f"{LILAS}transmettre/", sent).status_code == 422
    lilas.refresh_from_db()
    assert lilas.author != claire


def test_only_who_leads_hands_over_removes_and_recounts(
    seat: SeatedAt, lilas: Petition, hugo: User
) -> None:
    campaigner = seat(hugo)
    for page in ("retirer/", "transmettre/", "recompter/"):
        assert campaigner.post(LILAS + page).status_code == 403
    assert campaigner.get(f"{LILAS}victoire/").status_code == 200


def test_P41_recounting_mends_the_tally_and_says_so(desk: Client, lilas: Petition) -> None:
    make_signature(lilas)
    page = desk.post(f"{LILAS}recompter/", follow=True).text
    assert "Le décompte était juste" in page
    Tally.objects.filter(petition=lilas).update(counted=5, last_number=5)
    page = desk.post(f"{LILAS}recompter/", follow=True).text
    assert "1 signatures comptées, au lieu de 5" in page
    assert Tally.objects.get(petition=lilas).counted == 1
