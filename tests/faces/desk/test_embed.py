"""« Intégrer » at the desk (P60)."""

import pytest

from levier.foundation.accounts.models import User
from levier.foundation.ledger.enums import EntryKind
from levier.foundation.ledger.models import Entry
from levier.gathering.petitions.models.embed_site import EmbedSite
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from tests.cast import NOW, make_signature
from tests.faces.desk.conftest import SeatedAt
from tests.faces.public.page import html, words

pytestmark = pytest.mark.django_db
PAGE = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/integrer/"


def origins(petition: Petition) -> list[str]:
    rows = EmbedSite.objects.filter(petition=petition)
    return list(rows.order_by("origin").values_list("origin", flat=True))


def test_P60_the_code_says_what_was_chosen(lilas: Petition, seat: SeatedAt, hugo: User) -> None:
    Partner.objects.create(petition=lilas, name="Rue", slug="rue", sentence="Oui.", created_at=NOW)
    response = seat(hugo).get(f"{PAGE}?site=Velo.Example&accent=vert&fond=sombre&par=rue")
    text = html(response)
    assert (
        'data-petition="piste-cyclable-rue-des-lilas" data-site="velo.example" '
        'data-accent="vert" data-fond="sombre" data-par="rue" async' in text
    )
    assert "/integrer/v1.js" in text
    assert "?site=velo.example&amp;accent=vert&amp;fond=sombre&amp;par=rue" in text
    assert "<noscript>" in text


@pytest.mark.parametrize("site", ['"><script>', "https://", "a b", "x" * 200])
def test_a_site_that_cannot_be_is_left_out_of_the_code(
    lilas: Petition, seat: SeatedAt, hugo: User, site: str
) -> None:
    response = seat(hugo).get(PAGE, {"site": site, "accent": "<b>", "par": "inconnu"})
    assert response.status_code == 200
    assert "data-site" not in html(response)
    assert "data-accent" not in html(response)


def test_P60_the_list_is_kept_as_origins_and_noted(
    lilas: Petition, seat: SeatedAt, hugo: User
) -> None:
    client = seat(hugo)
    typed = (
        " Exemple.fr \nhttps://blog.exemple.fr/article?x=1\n\n*.velo.example\nhttp://a.fr:8080\n"
    )
    response = client.post(PAGE, {"sites": typed})
    assert response.status_code == 302
    assert origins(lilas) == [
        "http://a.fr:8080",
        "https://*.velo.example",
        "https://blog.exemple.fr",
        "https://exemple.fr",
    ]
    acts = [bytes(entry.leaf) for entry in Entry.objects.filter(kind=EntryKind.AUDIT)]
    assert sum(b"set_embed_sites" in act for act in acts) == 1
    client.post(PAGE, {"sites": "exemple.fr"})
    assert origins(lilas) == ["https://exemple.fr"]
    client.post(PAGE, {"sites": ""})
    assert origins(lilas) == []


def test_an_accented_name_is_written_as_the_network_does(
    lilas: Petition, seat: SeatedAt, hugo: User
) -> None:
    seat(hugo).post(PAGE, {"sites": "vélo.example"})
    assert origins(lilas) == ["https://xn--vlo-bma.example"]


@pytest.mark.parametrize(
    "line",
    [
        "javascript:alert(1)",
        "https://a b.fr",
        "https://user:x@exemple.fr",
        "*",
        "*.fr.",
        "https://[::",
        "'self'",
        "exemple.fr; script-src *",
        "http://" + "a" * 130 + ".fr",
        "ftp://exemple.fr",
        "https://exemple.fr:99999",
    ],
)
def test_a_line_that_is_no_site_is_told_and_kept(
    lilas: Petition, seat: SeatedAt, hugo: User, line: str
) -> None:
    response = seat(hugo).post(PAGE, {"sites": f"exemple.fr\n{line}"})
    if response.status_code == 302:
        assert origins(lilas) == ["https://*.fr", "https://exemple.fr"]
        return
    assert response.status_code == 422
    assert "n’est pas un site" in words(response)
    assert line in html(response)
    assert origins(lilas) == []


def test_P60_what_each_site_brought(lilas: Petition, seat: SeatedAt, hugo: User) -> None:
    Partner.objects.create(petition=lilas, name="Rue", slug="rue", sentence="Oui.", created_at=NOW)
    make_signature(lilas, source="embed", source_code="a.example", confirmed_at=NOW)
    make_signature(lilas, source="embed", source_code="a.example")
    make_signature(lilas, source_code="par:rue")
    make_signature(lilas, source="embed", source_code="b.example", state="held")
    make_signature(lilas)
    told = words(seat(hugo).get(PAGE))
    assert "a.example 2 1" in told
    assert "Rue partenaire 1 0" in told
    assert "b.example 0 0" in told


def test_a_draft_has_its_code_but_no_preview(lilas: Petition, seat: SeatedAt, hugo: User) -> None:
    Petition.objects.filter(pk=lilas.pk).update(state="draft")
    response = seat(hugo).get(PAGE)
    assert "dès que la pétition sera publiée" in words(response)
    assert b'<script src="/integrer/v1.js"' not in response.content


def test_an_observer_may_not(lilas: Petition, seat: SeatedAt, olga: User) -> None:
    assert seat(olga).get(PAGE).status_code == 403
    assert seat(olga).post(PAGE, {"sites": "a.fr"}).status_code == 403
    assert origins(lilas) == []


def test_the_preview_stands_on_a_listed_site(lilas: Petition, seat: SeatedAt, hugo: User) -> None:
    EmbedSite.objects.create(petition=lilas, origin="https://*.velo.example", added_at=NOW)
    assert 'data-site="www.velo.example"' in html(seat(hugo).get(PAGE))
