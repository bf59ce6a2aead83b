from datetime import timedelta

import pytest
from django.http.response import HttpResponseBase
from django.test import AsyncRequestFactory, Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from levier.faces.public import petition
from levier.faces.public.refusal import SCOPE_KEY, Refusal
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.models import Campaign
from levier.foundation.directory.models import Mandate
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.enums import CommentState, PetitionState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition, Slug, Version
from levier.gathering.signing.models.tally import Tally
from tests.cast import NOW, make_campaign, make_petition, make_signature
from tests.faces.public.page import html, parts, words

PAGE = "/petitions/piste-cyclable-rue-des-lilas/"
# the transaction (3), address, switches, organisations, tally, mandate, languages, press,
# territory, comments (2)
QUERIES = 14


def signatory(petition: Petition) -> Person:
    person = make_signature(petition).person
    assert person is not None
    return person


def counted(petition: Petition, **figures: int) -> None:
    Tally.objects.filter(petition=petition).update(
        **{"last_number": figures.get("counted", 0), **figures}
    )


def refused(refusal: Refusal) -> HttpResponseBase:
    request = AsyncRequestFactory().post(f"{PAGE}signer/")
    request.scope = {**request.scope, SCOPE_KEY: refusal}
    return petition.refused(request, "piste-cyclable-rue-des-lilas")


def test_says_who_asks_what_to_whom(client: Client, lilas: Petition) -> None:
    said = words(client.get(PAGE))
    assert "Pétition à Mme Diallo, 3e adjointe au maire, mobilités, Ville de Valmont" in said
    assert "Une piste cyclable rue des Lilas" in said
    assert "faire voter, avant l’été 2027, une piste cyclable" in said
    assert "Lancée le 16 septembre 2026 par Aïcha Benali, avec Valmont à vélo" in said
    assert "Chaque matin, quatre cents enfants" in said


def test_P36_P14_names_the_parts_of_the_count(client: Client, lilas: Petition) -> None:
    counted(lilas, counted=46443, confirmed=38120, paper=312)
    said = words(client.get(PAGE))
    assert "46 755 signatures, dont 38 120 confirmées et 312 sur papier" in said


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"counted": 0}, "0 signature Soyez parmi les premières personnes à signer."),
        ({"counted": 1}, "1 signature Soyez"),
        ({"counted": 1, "confirmed": 1}, "1 signature, confirmée Soyez"),
        ({"counted": 9}, "9 signatures Soyez"),
        ({"counted": 10, "confirmed": 10}, "10 signatures, toutes confirmées Encore 90 signatures"),
        ({"counted": 12, "confirmed": 1}, "12 signatures, dont 1 confirmée Encore 88 signatures"),
        ({"counted": 99}, "99 signatures Encore 1 signature pour atteindre 100."),
        ({"counted": 100}, "100 signatures Encore 100 signatures pour atteindre 200."),
    ],
)
def test_counts_in_French(
    client: Client, lilas: Petition, figures: dict[str, int], said: str
) -> None:
    counted(lilas, **figures)
    shown = words(client.get(f"{PAGE}decompte/")).replace(" 0 %", "").replace(" 100 %", "")
    bare = " ".join(word for word in shown.split(" ") if word)
    for percent in range(101):
        bare = bare.replace(f" {percent} %", "")
    assert bare.startswith(said)


def test_P38_the_bar_is_a_progress_with_words(client: Client, lilas: Petition) -> None:
    counted(lilas, counted=8685)
    page = html(client.get(PAGE))
    assert '<progress class="bar" max="10000" value="8685" aria-label="' in page
    assert "8\u202f685 sur 10\u202f000" in page
    assert 'role="status"' in page


def test_P39_a_fixed_goal_stands_and_100_percent_only_when_reached(
    client: Client, lilas: Petition
) -> None:
    Petition.objects.filter(pk=lilas.pk).update(fixed_goal=1000)
    counted(lilas, counted=999)
    assert ">99 %</progress>" in html(client.get(PAGE))
    counted(lilas, counted=1000)
    page = client.get(f"{PAGE}decompte/")
    assert ">100 %</progress>" in html(page)
    assert "L’objectif de 1 000 signatures est atteint." in words(page)


def test_P9_every_agreement_is_an_unticked_box_with_its_sentence(
    client: Client, lilas: Petition
) -> None:
    Campaign.objects.update(offers_phone=True, offers_post=True)
    response = client.get(PAGE)
    boxes = {
        name: field
        for name, field in parts(response).fields.items()
        if field.get("type") == "checkbox"
    }
    assert set(boxes) == {
        *("consent_updates", "consent_org_news", "consent_phone", "consent_post", "show_name")
    }
    assert not any("checked" in box or "required" in box for box in boxes.values())
    assert "Valmont à vélo peut me proposer d’autres façons d’agir." in words(response)


def test_P8_asks_the_fields_of_the_contract(client: Client, lilas: Petition) -> None:
    response = client.get(PAGE)
    fields = parts(response).fields
    assert set(fields) == {
        *("first_name", "last_name", "email", "postal_code", "country", "comment"),
        *("consent_updates", "consent_org_news", "show_name", "website", "ref"),
    }
    required = {name for name, field in fields.items() if "required" in field}
    assert required == {"first_name", "last_name", "email", "postal_code"}
    assert fields["first_name"]["autocomplete"] == "given-name"
    assert fields["email"]["autocomplete"] == "email"
    assert fields["postal_code"]["autocomplete"] == "postal-code"
    assert '<option value="FR" selected>France</option>' in html(response)


def test_P69_the_trap_is_out_of_reach_of_people(client: Client, lilas: Petition) -> None:
    page = html(client.get(PAGE))
    assert parts(client.get(PAGE)).fields["website"]["tabindex"] == "-1"
    assert '<p class="trap" aria-hidden="true">' in page


def test_P25_P42_no_cookie_no_token_kept_a_few_seconds(client: Client, lilas: Petition) -> None:
    client.cookies["sessionid"] = "whatever"
    response = client.get(PAGE)
    assert response.cookies == {}
    assert "csrf" not in html(response).lower()
    assert response["Cache-Control"] == (
        "public, max-age=5, stale-while-revalidate=10, stale-if-error=25"
    )
    assert {v.strip() for v in response["Vary"].split(",")} == {
        "Accept-Language",
        "Accept-Encoding",
    }
    form = html(response).split("<form")[1]
    assert f'action="{PAGE}signer/" method="post"' in form


def test_P42_one_rendering_serves_all_for_five_seconds(
    client: Client, lilas: Petition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(QUERIES):
        first = client.get(PAGE)
    with django_assert_num_queries(3):  # the transaction alone
        again = client.get(PAGE)
    assert again.content == first.content


def test_a_page_with_more_words_costs_no_more(
    client: Client, lilas: Petition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(3):
        Comment.objects.create(
            petition=lilas,
            person=signatory(lilas),
            text=f"Je roule ici, mot {n}",
            state=CommentState.PUBLISHED,
            created_at=NOW,
        )
    with django_assert_num_queries(QUERIES):
        assert "Lire les 3 commentaires" in words(client.get(PAGE))


def test_P45_carries_who_brought_the_visitor_and_nothing_else(
    client: Client, lilas: Petition
) -> None:
    plain = client.get(PAGE)
    brought = client.get(PAGE, {"ref": "abcd2345"})
    assert parts(plain).fields["ref"]["value"] == ""
    assert parts(brought).fields["ref"]["value"] == "abcd2345"
    assert brought.content.replace(b"abcd2345", b"") == plain.content
    for forged in ('"><script>', "abcd234", "abcd23456", "abcd234é", "@@ref@@"):
        assert client.get(PAGE, {"ref": forged}).content == plain.content


def test_only_featured_and_published_words_are_read(client: Client, lilas: Petition) -> None:
    for text, state, featured in (
        ("Un mot publié ici", CommentState.PUBLISHED, None),
        ("Un mot mis en avant", CommentState.PUBLISHED, NOW),
        ("Un mot à relire encore", CommentState.WAITING, None),
        ("Un mot masqué par nous", CommentState.HIDDEN, None),
    ):
        Comment.objects.create(
            petition=lilas,
            person=signatory(lilas),
            shown_name="Paul T.",
            text=text,
            state=state,
            featured_at=featured,
            created_at=NOW,
        )
    said = words(client.get(PAGE))
    assert said.index("Un mot mis en avant") < said.index("Un mot publié ici")
    assert "à relire encore" not in said
    assert "masqué par nous" not in said
    assert "Lire les 2 commentaires" in said


def test_tells_who_decides_and_where_we_learnt_it(client: Client, lilas: Petition) -> None:
    Mandate.objects.update(source="arrêté de délégation", consulted_on=NOW.date())
    said = words(client.get(PAGE))
    assert "Mme Khady Diallo 3e adjointe au maire, mobilités. Ville de Valmont." in said
    assert "Source : arrêté de délégation, consultée le 16 septembre 2026" in said


def test_P6_tells_the_versions_once_there_are_two(client: Client, lilas: Petition) -> None:
    assert "Texte du 16 septembre 2026, inchangé depuis." in words(client.get(PAGE))
    second = Version.objects.create(
        petition=lilas,
        n=2,
        title="Un titre revu",
        ask="Une demande",
        story="<p>Revu.</p>",
        sha256=bytes(32),
        created_at=NOW,
        published_at=NOW + timedelta(days=2),
    )
    Version.objects.create(
        petition=lilas,
        n=3,
        title="Un brouillon",
        ask="x",
        story="x",
        sha256=bytes(32),
        created_at=NOW,
    )
    Petition.objects.filter(pk=lilas.pk).update(version=second)
    said = words(client.get(f"{PAGE}versions/"))
    assert said.index("Texte du 18 septembre 2026") < said.index("Texte du 16 septembre 2026")
    assert "quatre cents enfants" in said
    assert "Un brouillon" not in said


def test_an_old_address_leads_to_the_new_one(client: Client, lilas: Petition) -> None:
    Slug.objects.update(current=False)
    Slug.objects.create(petition=lilas, slug="lilas")
    response = client.get(PAGE, {"ref": "abcd2345"})
    assert (response.status_code, response["Location"]) == (301, "/petitions/lilas/?ref=abcd2345")
    assert client.get("/petitions/lilas/").status_code == 200


@pytest.mark.parametrize(
    "state", [PetitionState.DRAFT, PetitionState.IN_REVIEW, PetitionState.REMOVED]
)
def test_P5_what_is_not_public_is_not_there(client: Client, lilas: Petition, state: str) -> None:
    assert client.get(PAGE).status_code == 200
    Petition.objects.update(state=state)
    for path in ("decompte/", "versions/", "commentaires/", "carte.png", "qr.svg", "signer/"):
        assert client.get(PAGE + path).status_code == 404, path
    from_nothing = client.get("/petitions/jamais-vue/")
    Slug.objects.update(slug="brouillon")
    hidden = client.get("/petitions/brouillon/")
    assert (hidden.status_code, hidden.content) == (404, from_nothing.content)


def test_P50_P43_a_closed_petition_shows_its_result_alone(client: Client, lilas: Petition) -> None:
    counted(lilas, counted=312, confirmed=300)
    Petition.objects.update(state=PetitionState.CLOSED, closed_at=NOW)
    response = client.get(PAGE)
    said = words(response)
    assert "Cette pétition est close depuis le 16 septembre 2026" in said
    assert "312 personnes l’ont signée." in said
    assert parts(response).fields == {}
    assert "Faites passer" not in said
    assert "Signer la pétition" not in said


def test_P61_a_petition_past_its_date_is_closed_at_once(client: Client, lilas: Petition) -> None:
    Petition.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    response = client.get(PAGE)
    assert "Cette pétition est close depuis le" in words(response)
    assert parts(response).fields == {}


def test_P50_a_won_petition_thanks(client: Client, lilas: Petition) -> None:
    counted(lilas, counted=1, confirmed=1)
    Petition.objects.update(state=PetitionState.WON, closed_at=NOW)
    response = client.get(PAGE)
    assert "C’est gagné 1 personne a signé, et la demande est obtenue." in words(response)
    assert parts(response).fields == {}
    assert "Faites passer" not in words(response)


def test_a_paused_petition_says_so(client: Client, lilas: Petition) -> None:
    Petition.objects.update(state=PetitionState.PAUSED)
    response = client.get(PAGE)
    assert "Les signatures sont en pause" in words(response)
    assert parts(response).fields == {}


def test_a_refusal_keeps_all_that_was_typed(lilas: Petition) -> None:
    sentence = "Cette adresse ne semble pas complète. Exemple : prenom@exemple.fr"
    response = refused(
        Refusal(
            status=422,
            message="Un champ est à corriger.",
            errors={"email": [sentence], "mystery": ["Un champ inconnu."]},
            typed={
                "first_name": 'Jean "le" <b>Grand</b>',
                "last_name": "d’Ormesson",
                "email": "jean@",
                "postal_code": "4000",
                "country": "BE",
                "comment": "Deux\nlignes </textarea>",
                "consent_updates": "on",
                "ref": "abcd2345",
            },
        )
    )
    page, fields = html(response), parts(response).fields
    assert response.status_code == 422
    assert response["Cache-Control"] == "no-store"
    assert fields["first_name"]["value"] == 'Jean "le" <b>Grand</b>'
    assert (fields["email"]["value"], fields["email"]["aria-invalid"]) == ("jean@", "true")
    assert str(fields["email"]["aria-describedby"]).split() == ["email-erreur", "email-aide"]
    assert "email-erreur" in parts(response).ids
    assert "aria-invalid" not in fields["first_name"]
    assert '<option value="BE" selected>' in page
    assert "Deux\nlignes </textarea>" in page
    assert "</textarea></textarea>" not in response.content.decode()  # type: ignore[attr-defined]
    assert "checked" in fields["consent_updates"]
    assert "checked" not in fields["consent_org_news"]
    assert fields["ref"]["value"] == "abcd2345"
    assert f'<a href="#email">{sentence}</a>' in page
    assert "<li>Un champ inconnu.</li>" in page


def test_P61_a_late_signature_meets_the_result(lilas: Petition) -> None:
    Petition.objects.update(state=PetitionState.CLOSED, closed_at=NOW)
    sentence = "Cette pétition est close depuis le 12 mai. Voici son résultat."
    response = refused(Refusal(status=410, message=sentence))
    assert response.status_code == 410
    assert sentence in words(response)
    assert parts(response).fields == {}


def test_P10_a_full_queue_says_when_to_come_back(lilas: Petition) -> None:
    response = refused(
        Refusal(status=503, message="Beaucoup de monde.", typed={"email": "a@b.fr"}, retry_after=60)
    )
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert parts(response).fields["email"]["value"] == "a@b.fr"


def test_without_its_signing_path_the_site_loses_nothing_typed(
    client: Client, lilas: Petition
) -> None:
    response = client.post(f"{PAGE}signer/", {"email": "a@b.fr", "consent_updates": "on"})
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert parts(response).fields["email"]["value"] == "a@b.fr"
    assert "checked" in parts(response).fields["consent_updates"]
    assert client.get(f"{PAGE}signer/")["Location"] == f"{PAGE}#signer"


def test_P38_the_count_is_a_small_fragment(client: Client, lilas: Petition) -> None:
    counted(lilas, counted=8685, confirmed=12)
    response = client.get(f"{PAGE}decompte/")
    assert "<html" not in html(response)
    assert response["Cache-Control"].startswith("public, max-age=5,")
    assert response.cookies == {}
    assert 'id="decompte-barre" hx-swap-oob="true">8\u202f685 signatures, dont' in html(response)


def test_no_style_and_no_dead_anchor(client: Client, lilas: Petition) -> None:
    page = parts(client.get(PAGE))
    assert not page.styled
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_the_organisation_that_answers_for_the_data_is_named(
    client: Client, droits_debout: Organisation, claire: User
) -> None:
    campaign = make_campaign(droits_debout, retention_months=12)
    make_petition(campaign, claire, "liberez-la-parole")
    said = words(client.get("/petitions/liberez-la-parole/"))
    assert "Responsable : Association Droits debout." in said
    assert "effacées 12 mois après la fin de la campagne" in said


def test_a_petition_may_do_without_a_postcode(client: Client, lilas: Petition) -> None:
    Petition.objects.update(asks_postcode=False)
    assert {"postal_code", "country"}.isdisjoint(parts(client.get(PAGE)).fields)


def test_P8_asks_what_the_petition_declares(client: Client, lilas: Petition) -> None:
    declared = [
        {"key": "metier", "label": "Votre métier", "required": True},
        {"key": "quartier", "label": "Votre quartier"},
    ]
    Petition.objects.update(fields=declared)
    fields = parts(client.get(PAGE)).fields
    assert "required" in fields["extra_metier"]
    assert "required" not in fields["extra_quartier"]
    response = refused(
        Refusal(
            status=422,
            message="Il manque quelque chose.",
            errors={"comment": ["Trop court."], "extra_metier": ["Complétez « Votre métier »"]},
            typed={"extra_quartier": "Les Tanneurs"},
        )
    )
    assert parts(response).fields["extra_quartier"]["value"] == "Les Tanneurs"
    assert parts(response).fields["extra_metier"]["aria-invalid"] == "true"
    page = html(response)
    assert page.index('<a href="#extra_metier">') < page.index('<a href="#comment">Trop court.')


def test_an_error_of_a_field_not_asked_leads_nowhere(lilas: Petition) -> None:
    Petition.objects.update(asks_postcode=False)
    response = refused(Refusal(status=422, message="Non.", errors={"country": ["Un pays."]}))
    assert "<li>Un pays.</li>" in html(response)


def test_says_when_the_telephone_is_kept(client: Client, lilas: Petition) -> None:
    assert "phone" not in parts(client.get(PAGE)).fields
    Campaign.objects.update(offers_phone=True)
    Slug.objects.update(slug="autre")  # past the rendering kept for five seconds
    response = client.get("/petitions/autre/")
    assert "phone" in parts(response).fields
    assert "Gardé seulement si vous donnez votre accord" in words(response)


def test_a_post_that_nobody_holds_is_named_as_such(client: Client, lilas: Petition) -> None:
    Petition.objects.update(addressee_person=None)
    said = words(client.get(PAGE))
    assert "Pétition adressée à : 3e adjointe au maire, mobilités, Ville de Valmont" in said
    assert "Attendue de" not in said
