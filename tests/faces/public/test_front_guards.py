"""What the signing path asks beside the fields: switches (P71) and a proof of work (P67)."""

from collections.abc import Mapping
from typing import Any

import pytest
from altcha import v2
from django.test import Client

from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.switch import Switch
from levier.gathering.signing.intake.proof import challenge_for
from levier.gathering.signing.models.guard import Guard
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.rules.guards import SOFT_LIMIT, network_key
from tests.cast import NOW
from tests.faces.public.fronted import Asked, ask, ask_one, signing
from tests.faces.public.page import html, parts, words
from tests.taking import FORM, form, slug_of

pytestmark = pytest.mark.django_db(transaction=True)
JSON, HTML = "application/json", "text/html"
SLUG = "piste-cyclable-rue-des-lilas"
PAGE = f"/petitions/{SLUG}/"


def solved(challenge: Mapping[str, Any]) -> str:
    found = v2.Challenge.from_dict(dict(challenge))
    solution = v2.solve_challenge(found)
    assert solution is not None
    return v2.Payload(found, solution).to_base64()


def throw(kind: str, petition: Petition | None = None, sentence: str = "") -> None:
    said = sentence or f"Phrase publique de {kind}."
    Switch.objects.create(kind=kind, petition=petition, sentence=said, thrown_at=NOW)


def busy_network() -> None:
    Guard.objects.create(key=network_key("203.0.113.7", now=NOW), window=NOW, n=SOFT_LIMIT)


def held() -> list[tuple[str, str]]:
    return list(Signature.objects.order_by("pk").values_list("state", "reason"))


@pytest.mark.parametrize("of_the_site", [True, False])
@pytest.mark.parametrize("accept", [JSON, HTML])
def test_P71_signatures_stop_with_a_public_sentence(
    lilas: Petition, of_the_site: bool, accept: str
) -> None:
    sentence = "Nous déplaçons la base : revenez à midi."
    throw("signatures", None if of_the_site else lilas, sentence)
    told = ask_one(signing(SLUG, FORM, accept=accept))
    assert (told.status, told.headers["retry-after"]) == (503, "3600")
    assert sentence in told.text
    assert Signature.objects.count() == 0
    page = ask_one(Asked(path=PAGE))
    assert sentence in page.text
    assert 'name="email"' not in page.text


def test_P71_a_switch_of_one_petition_leaves_the_others(lilas: Petition) -> None:
    throw("signatures", lilas)
    other = Petition.objects.get(pk=lilas.pk)
    assert other.pk == lilas.pk
    Switch.objects.all().delete()
    assert ask_one(signing(SLUG, FORM)).status == 303


def test_P71_comments_stop_and_nothing_typed_is_lost(lilas: Petition) -> None:
    throw("comments", lilas, "Les mots reviennent demain.")
    words_typed = "Parce que ma fille y passe."
    told, without = ask(
        signing(SLUG, form(1, comment=words_typed), accept=JSON), signing(SLUG, form(2))
    )
    assert told.status == 422
    assert told.json == {"errors": {"comment": ["Les mots reviennent demain."]}}
    assert without.status == 303
    page = ask_one(Asked(path=PAGE))
    assert 'name="comment"' not in page.text
    assert "Les mots reviennent demain." in page.text


def test_P71_held_signatures_get_the_same_answer_and_no_number(lilas: Petition) -> None:
    throw("hold", None, "Chaque signature est relue avant d’être comptée.")
    told = ask_one(signing(SLUG, FORM, accept=JSON))
    assert (told.status, told.json["number"]) == (201, 1)
    assert held() == [("held", "switch")]
    assert Tally.objects.get(petition=lilas).counted == 0
    assert "Chaque signature est relue" in ask_one(Asked(path=PAGE)).text


def test_P71_captcha_for_all_asks_the_page_and_holds_the_program(lilas: Petition) -> None:
    throw("captcha", None, "Des robots essaient de signer.")
    page = ask_one(Asked(path=PAGE))
    assert "Des robots essaient de signer." in page.text
    assert 'name="altcha"' in page.text
    old_page, without_script, program = ask(
        signing(SLUG, form(1, comment="Parce que oui, voilà."), accept=HTML),
        signing(SLUG, form(2, altcha=""), accept=HTML),
        signing(SLUG, form(3), accept=JSON),
    )
    assert old_page.status == 422
    assert "Parce que oui, voilà." in old_page.text
    assert 'name="altcha"' in old_page.text
    assert (without_script.status, program.status) == (303, 201)
    assert held() == [("held", "captcha")] * 2


def test_P67_P71_with_a_proof_everybody_is_counted(lilas: Petition) -> None:
    throw("captcha", lilas)
    proof = solved(challenge_for(lilas.pk, now=NOW))
    told = ask(
        signing(SLUG, form(1, altcha=proof)),
        signing(SLUG, form(2, altcha=proof)),
        signing(SLUG, form(3, altcha="forgé")),
    )
    assert [one.status for one in told] == [303, 303, 303]
    assert held() == [("counted", ""), ("held", "captcha"), ("held", "captcha")]


def test_P67_past_the_soft_limit_the_page_asks_then_counts(lilas: Petition) -> None:
    busy_network()
    asked = ask_one(signing(SLUG, form(1, consent_updates="on"), accept=HTML))
    assert asked.status == 422
    assert "un petit calcul" in asked.text
    assert 'name="altcha"' in asked.text
    assert "checked" in asked.text
    assert Signature.objects.count() == 0
    proof = solved(challenge_for(lilas.pk, now=NOW))
    told = ask_one(signing(SLUG, form(1, altcha=proof), accept=HTML))
    assert told.status == 303
    assert held() == [("counted", "")]


def test_P67_failing_or_without_script_it_is_held_with_the_same_answer(lilas: Petition) -> None:
    busy_network()
    told = ask(
        signing(SLUG, form(1, altcha=""), accept=HTML),
        signing(SLUG, form(2, altcha="x"), accept=HTML),
        signing(SLUG, form(3), accept=JSON),
    )
    assert [one.status for one in told] == [303, 303, 201]
    assert held() == [("held", "rate")] * 3


def test_P67_nothing_is_asked_of_an_ordinary_visitor(client: Client, lilas: Petition) -> None:
    page = client.get(PAGE)
    assert "altcha" not in html(page)
    assert not any("proof" in file for file in parts(page).loaded)


def test_P67_a_challenge_is_new_each_time_and_kept_by_nobody(
    client: Client, lilas: Petition
) -> None:
    one, two = (client.get(f"{PAGE}preuve.json") for _ in range(2))
    assert one["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in one
    assert one.json()["parameters"]["nonce"] != two.json()["parameters"]["nonce"]
    assert client.get("/petitions/rien/preuve.json").status_code == 404
    assert client.post(f"{PAGE}preuve.json").status_code == 405


def test_a_partner_link_shows_its_box_and_says_where_it_comes_from(
    client: Client, lilas: Petition
) -> None:
    Partner.objects.create(
        petition=lilas,
        name="Rue pour tous",
        slug="rue",
        sentence="J’accepte que Rue pour tous m’écrive.",
        created_at=NOW,
    )
    assert "Rue pour tous" not in words(client.get(PAGE))
    assert "J’accepte que Rue pour tous m’écrive." in words(client.get(f"{PAGE}?par=rue"))
    ask(signing(SLUG, form(1, par="rue")), signing(SLUG, form(2, par="inconnu")))
    codes = Signature.objects.order_by("pk").values_list("source", "source_code")
    assert list(codes) == [("web", "par:rue"), ("web", "")]
    refused = ask_one(signing(SLUG, form(3, par="rue", email="x", consent_partner="on")))
    assert refused.status == 422
    assert "J’accepte que Rue pour tous m’écrive." in refused.text
    assert "checked" in refused.text
    assert slug_of(lilas) == SLUG


@pytest.mark.parametrize("par", [[], {}, 5, None, "\x00", "x" * 6_000])
def test_a_partner_that_cannot_be_is_nobody(lilas: Petition, par: object) -> None:
    Partner.objects.create(petition=lilas, name="Rue", slug="rue", sentence="Oui.", created_at=NOW)
    told = ask_one(signing(SLUG, form(par=par), accept=JSON))
    assert told.status == 201
