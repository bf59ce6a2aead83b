import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.consents import give_consent
from levier.foundation.people.actions.suppressions import suppress
from levier.foundation.people.enums import (
    ActivityKind,
    Channel,
    Purpose,
    SuppressionReason,
)
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.rules import is_suppressed
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing.enums import SignatureState
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.brought_by import Brought
from levier.gathering.signing.queries.mine import signatures_of
from levier.gathering.signing.queries.tally import discrepancies
from levier.gathering.signing.rules.links import MY_LINK_AGE, confirmation_token, my_token
from tests.asked_links import send_asked_links
from tests.cast import NOW, make_campaign, make_petition, make_signature, make_user, person_of
from tests.journals import journalled

EMAIL = "paul@exemple.fr"


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    """Counted and confirmed, with words; another person's signature before it."""
    make_signature(lilas, "camille@exemple.fr")
    signature = make_signature(
        lilas, EMAIL, first_name="Paul", last_name="Tremblay", confirmed_at=NOW
    )
    Comment.objects.create(
        petition=lilas,
        person=person_of(signature),
        text="Pour nos enfants.",
        state=CommentState.PUBLISHED,
        created_at=NOW,
    )
    return signature


@pytest.fixture
def link(paul: Signature) -> str:
    return link_of(paul)


def link_of(signature: Signature, age: timedelta = timedelta(0)) -> str:
    token = my_token(signature.contact_point_id or 0, now=timezone.now() - age)
    return f"/moi/{token}/"


def text(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def figures(petition: Petition) -> tuple[int, int, int]:
    """Last number, counted, confirmed."""
    assert discrepancies() == []
    tally = Tally.objects.get(petition=petition)
    return tally.last_number, tally.counted, tally.confirmed


def second_petition(petition: Petition, slug: str = "ecole") -> Petition:
    campaign = make_campaign(petition.campaign.organisation)
    return make_petition(campaign, petition.author, slug)


# The page


def test_P30_lists_every_signature_of_the_mailbox_in_the_organisation(
    client: Client, paul: Signature, lilas: Petition, droits_debout: Organisation, link: str
) -> None:
    make_signature(second_petition(lilas), person=paul.person, contact_point=paul.contact_point)
    claire = make_user("c@exemple.fr", "Claire", droits_debout)
    elsewhere = make_petition(make_campaign(droits_debout), claire, "ailleurs")
    make_signature(elsewhere, EMAIL)
    page = text(client.get(link))
    assert page.count("<article") == 2
    assert "/petitions/ecole/" in page
    assert "2<sup>e</sup> signature, le 16" in page
    assert "/petitions/ailleurs/" not in page
    assert "camille@exemple.fr" not in page


def test_P46_what_my_link_brought(
    client: Client, paul: Signature, lilas: Petition, link: str
) -> None:
    assert "n’a pas encore apporté de signature" in text(client.get(link))
    for n in range(2):
        make_signature(lilas, first_name=f"Invitée{n}", referred_by=paul)
    make_signature(lilas, referred_by=paul, state=SignatureState.HELD)
    again = second_petition(lilas)
    make_signature(again, person=paul.person, referred_by=paul)
    journalled(lilas)
    journalled(again)
    page = text(client.get(link))
    assert "a apporté 2 signatures" in page
    assert "de plus" not in page
    assert "Invitée" not in page


def test_P46_what_the_links_of_those_i_brought_brought(
    client: Client, paul: Signature, lilas: Petition, link: str
) -> None:
    """Down the tree, through who withdrew; never oneself, wherever one signed again."""
    near = make_signature(lilas, first_name="Invitée", referred_by=paul)
    gone = make_signature(lilas, referred_by=near, state=SignatureState.WITHDRAWN)
    for _ in range(3):
        make_signature(lilas, referred_by=gone)
    Signature.objects.filter(pk=paul.pk).update(state=SignatureState.WITHDRAWN)
    make_signature(lilas, person=paul.person, referred_by=gone)
    journalled(lilas)
    mine = signatures_of(person_of(paul))
    assert [one.brought for one in mine if one.signature.pk == paul.pk] == [
        Brought(direct=1, total=4)
    ]
    Signature.objects.filter(person=paul.person).exclude(pk=paul.pk).delete()
    Signature.objects.filter(pk=paul.pk).update(state=SignatureState.COUNTED)
    journalled(lilas)
    page = text(client.get(link))
    assert "a apporté 1 signature, et les liens de ces personnes 3 de plus" in page
    assert "Invitée" not in page


def test_empty_state_says_what_to_do_next(client: Client, valmont: Organisation) -> None:
    person = Person.objects.create(
        organisation=valmont, uuid=uuid.uuid4(), first_name="Li", last_name="", created_at=NOW
    )
    point = ContactPoint.objects.create(
        organisation=valmont,
        person=person,
        channel=Channel.EMAIL,
        typed="li@exemple.fr",
        canonical="li@exemple.fr",
        created_at=NOW,
    )
    page = text(client.get(f"/moi/{my_token(point.pk, now=timezone.now())}/"))
    assert "Voir les pétitions ouvertes" in page
    assert "nous ne vous envoyons rien" in page


def test_page_is_kept_by_nobody_and_sets_no_cookie(client: Client, link: str) -> None:
    for answer in (client.get(link), client.head(link), client.post(link + "accords/arreter/")):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert not answer.cookies


def test_altered_expired_or_foreign_link_opens_nothing(
    client: Client, paul: Signature, lilas: Petition, link: str
) -> None:
    old = link_of(paul, MY_LINK_AGE + timedelta(days=1))
    confirm = f"/moi/{confirmation_token(paul, now=timezone.now())}/"
    for bad, status in ((link[:-5] + "AAAA/", 404), ("/moi/é/", 404), (confirm, 404), (old, 410)):
        for answer in (client.get(bad), client.post(bad + "effacer/", {"withdraw": "on"})):
            assert answer.status_code == status
            assert "Ce lien n’est plus valable" in text(answer)
            assert 'name="email"' in text(answer)
    assert figures(lilas) == (2, 2, 1)


def test_stranger_cannot_reach_another_s_signature(
    client: Client, paul: Signature, lilas: Petition
) -> None:
    camille = Signature.objects.exclude(pk=paul.pk).get()
    base = f"{link_of(camille)}signatures/{paul.pk}/"
    for path in ("corriger/", "retirer/", "commentaire/"):
        assert client.get(base + path).status_code == 404
        assert client.post(base + path, {"comment": "Tout autre chose."}).status_code == 404
    assert client.post(base + "commentaire/effacer/").status_code == 404
    assert client.post(base + "confirmer/").status_code == 404
    assert figures(lilas) == (2, 2, 1)
    assert Comment.objects.get().text == "Pour nos enfants."


@pytest.mark.parametrize("signatures", [1, 3])
def test_as_many_queries_for_three_signatures_as_for_one(
    client: Client, paul: Signature, lilas: Petition, link: str, signatures: int
) -> None:
    for n in range(signatures - 1):
        make_signature(second_petition(lilas, f"p{n}"), person=paul.person)
    with CaptureQueriesContext(connection) as asked:
        assert text(client.get(link)).count("<article") == signatures
    assert sum(query["sql"].startswith("SELECT") for query in asked.captured_queries) == 14


def test_confirming_from_the_page(client: Client, lilas: Petition) -> None:
    signature = make_signature(lilas)
    link = link_of(signature)
    assert "à confirmer" in text(client.get(link))
    answer = client.post(f"{link}signatures/{signature.pk}/confirmer/")
    assert answer["Location"] == f"{link}?fait=confirmation"
    assert "Votre signature est confirmée" in text(client.get(answer["Location"]))
    assert figures(lilas) == (1, 1, 1)


# Withdrawing


def test_P32_withdrawing_takes_two_steps(
    client: Client, paul: Signature, lilas: Petition, link: str
) -> None:
    address = f"{link}signatures/{paul.pk}/retirer/"
    for verb in (client.get, client.head):
        assert verb(address).status_code == 200
    assert figures(lilas) == (2, 2, 1)
    answer = client.post(address)
    assert (answer.status_code, answer["Location"]) == (303, f"{link}?fait=retrait")
    assert figures(lilas) == (2, 1, 0)
    page = text(client.get(answer["Location"]))
    assert "Votre signature est retirée" in page
    assert "Retirer ma signature…" not in page
    assert client.get(address)["Location"] == f"{link}?fait=deja"
    assert client.post(address).status_code == 303
    assert figures(lilas) == (2, 1, 0)


# Correcting


def test_correcting(client: Client, paul: Signature, lilas: Petition, link: str) -> None:
    address = f"{link}signatures/{paul.pk}/corriger/"
    assert 'value="Tremblay"' in text(client.get(address))
    typed = {
        "first_name": "Paul-André",
        "last_name": "O’Tremblay/Roy",
        "postal_code": "1 000",
        "country": "BE",
        "show_name": "on",
    }
    assert client.post(address, typed)["Location"] == f"{link}?fait=correction"
    paul.refresh_from_db()
    assert paul.person is not None
    assert (paul.first_name, paul.last_name) == ("Paul-André", "O’Tremblay/Roy")
    assert (paul.postcode, paul.country, paul.show_name) == ("1000", "BE", True)
    assert paul.person.last_name == "O’Tremblay/Roy"
    assert Comment.objects.get().shown_name == "Paul-André O."
    assert figures(lilas) == (2, 2, 1)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("first_name", "", "Indiquez votre prénom"),
        ("first_name", "x" * 101, "Indiquez votre prénom"),
        ("last_name", "a\x07b", "Indiquez votre nom"),
        ("last_name", "a\x00b", "Indiquez votre nom"),
        ("last_name", "\u202egnol", "Indiquez votre nom"),
        ("postal_code", "1" * 17, "ne va pas avec ce pays"),
        ("country", "ZZZ", "Choisissez un pays"),
        ("country", "", "Choisissez un pays"),
    ],
)
def test_wrong_correction_keeps_what_was_typed(
    client: Client, paul: Signature, link: str, field: str, value: str, said: str
) -> None:
    typed = {
        "first_name": "Léo",
        "last_name": "Roy",
        "postal_code": "35000",
        "country": "FR",
        field: value,
    }
    answer = client.post(f"{link}signatures/{paul.pk}/corriger/", typed)
    assert answer.status_code == 422
    page = text(answer)
    assert said in page
    assert f'id="{field}-erreur"' in page
    assert 'value="Léo"' in page or field == "first_name"
    paul.refresh_from_db()
    assert paul.last_name == "Tremblay"


# Words


def test_P51_words_are_changed_by_their_author(client: Client, paul: Signature, link: str) -> None:
    address = f"{link}signatures/{paul.pk}/commentaire/"
    assert "Pour nos enfants." in text(client.get(address))
    answer = client.post(address, {"comment": "Pour toutes\r\nles roues."})
    assert answer["Location"] == f"{link}?fait=commentaire"
    comment = Comment.objects.get()
    assert (comment.text, comment.state) == ("Pour toutes\nles roues.", CommentState.WAITING)


def test_P51_words_are_deleted_by_their_author(
    client: Client, paul: Signature, lilas: Petition, link: str
) -> None:
    assert client.get(f"{link}signatures/{paul.pk}/commentaire/effacer/").status_code == 405
    client.post(f"{link}signatures/{paul.pk}/commentaire/effacer/")
    assert not Comment.objects.exists()
    assert figures(lilas) == (2, 2, 1)


@pytest.mark.parametrize("typed", ["", "Court", "x" * 501, "a\x00" * 10])
def test_P51_words_too_short_or_long_are_kept_on_screen(
    client: Client, paul: Signature, link: str, typed: str
) -> None:
    answer = client.post(f"{link}signatures/{paul.pk}/commentaire/", {"comment": typed})
    assert answer.status_code == 422
    assert "Entre 10 et 500 caractères" in text(answer)
    assert Comment.objects.get().text == "Pour nos enfants."


# Agreements


def test_agreement_is_given_in_the_words_of_the_page(
    client: Client, paul: Signature, link: str
) -> None:
    answer = client.post(f"{link}accords/nouvelles/{paul.petition_id}/donner/")
    assert answer["Location"] == f"{link}?fait=accord"
    said = Consent.objects.get(person=paul.person)
    assert (said.given, said.source) == (True, "moi")
    assert said.scope == f"petition:{paul.petition_id}"
    assert said.wording in text(client.get(link)).replace("&#x27;", "'")


def test_U35_news_are_chosen_petition_by_petition(
    client: Client, paul: Signature, lilas: Petition, link: str
) -> None:
    other = make_petition(lilas.campaign, lilas.author, "autre")
    unknown = make_petition(lilas.campaign, lilas.author, "inconnue")
    make_signature(other, person=paul.person)
    for petition in (lilas, other):
        client.post(f"{link}accords/nouvelles/{petition.pk}/donner/")
    assert client.get(f"{link}accords/nouvelles/{lilas.pk}/arreter/").status_code == 405
    client.post(f"{link}accords/nouvelles/{lilas.pk}/arreter/")
    states = ConsentState.objects.filter(person=paul.person)
    assert dict(states.values_list("scope", "given")) == {
        f"petition:{lilas.pk}": False,
        f"petition:{other.pk}": True,
    }
    page = text(client.get(link))
    assert f"accords/nouvelles/{lilas.pk}/donner/" in page
    assert f"accords/nouvelles/{other.pk}/arreter/" in page
    assert f"accords/nouvelles/{unknown.pk}/" not in page
    assert client.post(f"{link}accords/nouvelles/{unknown.pk}/donner/").status_code == 404
    assert states.count() == 2


def test_J29_one_agreement_is_stopped_alone(client: Client, paul: Signature, link: str) -> None:
    for what in (f"nouvelles/{paul.petition_id}", "email/org_news"):
        client.post(f"{link}accords/{what}/donner/")
    assert client.get(f"{link}accords/email/org_news/arreter/").status_code == 405
    client.post(f"{link}accords/email/org_news/arreter/")
    states = ConsentState.objects.filter(person=paul.person).values_list("purpose", "given")
    assert dict(states) == {"petition_news": True, "org_news": False}
    assert "Arrêté le" in text(client.get(link))


def test_J6_everything_is_stopped_at_once(
    client: Client, paul: Signature, valmont: Organisation, link: str
) -> None:
    for what in (f"nouvelles/{paul.petition_id}", "email/org_news"):
        client.post(f"{link}accords/{what}/donner/")
    assert "Tout arrêter" in text(client.get(link))
    client.post(f"{link}accords/arreter/")
    assert not ConsentState.objects.filter(person=paul.person, given=True).exists()
    assert is_suppressed(organisation=valmont, channel=Channel.EMAIL, canonical=EMAIL)
    page = text(client.get(link))
    assert "Tout arrêter" not in page
    assert "Vous avez tout arrêté le" in page
    client.post(f"{link}accords/nouvelles/{paul.petition_id}/donner/")
    assert not is_suppressed(organisation=valmont, channel=Channel.EMAIL, canonical=EMAIL)
    assert list(
        ConsentState.objects.filter(person=paul.person, given=True).values_list("scope", flat=True)
    ) == [f"petition:{paul.petition_id}"]


def test_J3_agreeing_again_ends_an_unsubscription(
    client: Client, paul: Signature, valmont: Organisation, link: str
) -> None:
    address: dict[str, Any] = {
        "organisation": valmont,
        "channel": Channel.EMAIL,
        "canonical": EMAIL,
    }
    suppress(**address, reason=SuppressionReason.UNSUBSCRIBED, now=NOW)
    client.post(f"{link}accords/email/org_news/donner/")
    assert not is_suppressed(**address)


@pytest.mark.parametrize(
    "path", ["email/autre", "pigeon/org_news", "phone/org_news", "email/petition_news"]
)
def test_agreement_that_does_not_exist(
    client: Client, paul: Signature, link: str, path: str
) -> None:
    assert client.post(f"{link}accords/{path}/donner/").status_code == 404
    assert not Consent.objects.exists()


# Taking away and erasing


def test_download_holds_all_rows_and_is_written_down(
    client: Client, paul: Signature, link: str
) -> None:
    assert paul.person is not None
    give_consent(
        person=paul.person,
        channel=Channel.EMAIL,
        purpose=Purpose.ORG_NEWS,
        wording="Autres façons d’agir",
        source="moi",
        now=NOW,
    )
    news = news_of(paul.petition_id)
    give_consent(person=paul.person, **news, wording="Oui", source="moi", now=NOW)
    client.post("/moi/", {"email": EMAIL})
    send_asked_links()
    assert client.get(f"{link}telecharger/").status_code == 405
    answer = client.post(f"{link}telecharger/")
    assert 'filename="mes-donnees.json"' in answer["Content-Disposition"]
    told = json.loads(answer.content)
    assert (
        told["personne"]["prénom"] == "Camille"
    )  # what the person first gave; the signature's own name below
    assert told["signatures"][0]["prénom"] == "Paul"
    assert told["signatures"][0]["numéro"] == 2
    assert told["signatures"][0]["commentaire"] == "Pour nos enfants."
    assert told["accords"][0]["mots exacts"] == "Autres façons d’agir"
    assert [said["au sujet de"] for said in told["accords"]] == [
        "",
        "Une piste cyclable rue des Lilas",
    ]
    assert [message["message"] for message in told["messages"]] == ["signing/my_link"]
    assert {"link_asked", "exported"} <= {gesture["geste"] for gesture in told["gestes"]}
    assert "camille@exemple.fr" not in text(answer)
    assert "/moi/" not in text(answer)
    assert Activity.objects.filter(kind=ActivityKind.EXPORTED, person=paul.person).count() == 1


def test_P64_erasing_keeps_the_count_unless_asked(
    client: Client, paul: Signature, lilas: Petition, valmont: Organisation, link: str
) -> None:
    page = client.get(f"{link}effacer/")
    assert "reste dans le décompte" in text(page)
    assert "checked" not in text(page)
    paul.refresh_from_db()
    assert paul.first_name == "Paul"
    answer = client.post(f"{link}effacer/")
    assert (answer.status_code, answer["Location"]) == (303, "/moi/?fait=effacement")
    assert "Vos données sont effacées" in text(client.get(answer["Location"]))
    paul.refresh_from_db()
    assert (paul.person, paul.contact_point, paul.first_name, paul.salt) == (None, None, "", None)
    assert (paul.number, paul.state) == (2, SignatureState.COUNTED)
    assert figures(lilas) == (2, 2, 1)
    assert client.get(link).status_code == 404
    assert is_suppressed(organisation=valmont, channel=Channel.EMAIL, canonical=EMAIL)


def test_P64_erasing_and_withdrawing(
    client: Client, paul: Signature, lilas: Petition, link: str
) -> None:
    client.post(f"{link}effacer/", {"withdraw": "on"})
    paul.refresh_from_db()
    assert (paul.number, paul.state, paul.person) == (2, SignatureState.WITHDRAWN, None)
    assert figures(lilas) == (2, 1, 0)
