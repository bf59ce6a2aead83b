"""`/integrer/<slug>/`: the form on other sites, as their visitors and browsers get it (P60)."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.embed_site import EmbedSite
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.petitions.rules.sites import ACCENTS
from levier.gathering.signing.enums import SignatureSource
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.rules.receipts import Receipt, seal_receipt
from tests.cast import NOW, make_signature
from tests.faces.public.fronted import Asked, Told, ask, ask_one, signing
from tests.faces.public.page import html, parts, words
from tests.faces.public.test_weight import sent
from tests.taking import FORM, form

SLUG = "piste-cyclable-rue-des-lilas"
FRAME = f"/integrer/{SLUG}/"
JSON, HTML = "application/json", "text/html"
wire = pytest.mark.django_db(transaction=True)
page = pytest.mark.django_db


def list_site(petition: Petition, *origins: str) -> None:
    for origin in origins:
        EmbedSite.objects.create(petition=petition, origin=origin, added_at=NOW)


def framed(fields: dict[str, Any], *, accept: str = HTML, **headers: str) -> Asked:
    """The form of the frame, posted as a browser would."""
    asked = signing(SLUG, fields, accept=accept, **headers)
    return Asked(
        path=f"{FRAME}signer/",
        method="POST",
        body=asked.body,
        headers=asked.headers,
        client=asked.client,
    )


def policy(told: Told) -> str:
    found = re.search(r"frame-ancestors ([^;]*)", told.headers["content-security-policy"])
    assert found
    return found[1]


@wire
def test_P25_P60_signs_in_the_frame_without_script_or_cookie(lilas: Petition) -> None:
    read, posted = ask(
        Asked(path=f"{FRAME}?site=valmont.example&accent=vert"),
        framed(form(site="valmont.example", accent="vert", fond="auto")),
    )
    assert (read.status, posted.status) == (200, 303)
    for told in (read, posted):
        assert "set-cookie" not in told.headers
    assert "<iframe" not in read.text
    signature = Signature.objects.get()
    assert (signature.source, signature.source_code) == (SignatureSource.EMBED, "valmont.example")
    address = posted.headers["location"]
    assert address.startswith(f"{FRAME}merci/")
    assert address.endswith("/?accent=vert&fond=auto")
    thanked = ask_one(Asked(path=address))
    assert thanked.status == 200
    assert 'data-accent="vert"' in thanked.text
    assert "Vous êtes la première personne à signer" in thanked.text
    assert thanked.headers["cache-control"] == "no-store"
    assert "set-cookie" not in thanked.headers


@wire
def test_P60_the_frame_is_kept_once_for_all_readers(lilas: Petition) -> None:
    first, second, other = ask(
        Asked(path=f"{FRAME}?site=a.example"),
        Asked(path=f"{FRAME}?site=a.example&utm_source=x"),
        Asked(path=f"{FRAME}?site=b.example"),
    )
    assert first.headers["etag"] == second.headers["etag"] != other.headers["etag"]
    assert first.headers["cache-control"].startswith("public, max-age=5")
    script = ask_one(Asked(path="/integrer/v1.js"))
    assert script.headers["cache-control"].startswith("public, max-age=3600")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "set-cookie" not in script.headers


@wire
def test_P60_without_a_list_any_site_shows_it_and_no_other_page_is_framed(lilas: Petition) -> None:
    frame, petition = ask(Asked(path=FRAME), Asked(path=f"/petitions/{SLUG}/"))
    assert policy(frame) == "*"
    assert "x-frame-options" not in frame.headers
    assert policy(petition) == "'none'"
    assert petition.headers["x-frame-options"] == "DENY"


@wire
def test_P60_the_list_of_sites_is_told_to_browsers(lilas: Petition) -> None:
    list_site(lilas, "https://valmont.example", "https://*.velo.example")
    receipt = Receipt(lilas.pk, "abcd2345", 3, "Zoé", "z•••@exemple.fr", wants_updates=False)
    told = ask(
        Asked(path=FRAME),
        Asked(path=f"{FRAME}merci/{seal_receipt(receipt, now=NOW)}/"),
        framed(form(email="non")),
    )
    assert [one.status for one in told] == [200, 200, 422]
    assert {policy(one) for one in told} == {
        "'self' https://*.velo.example https://valmont.example"
    }
    assert all("x-frame-options" not in one.headers for one in told)


@wire
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"site": "valmont.example"}, 303),
        ({"site": "lyon.velo.example"}, 303),
        ({"site": "ailleurs.example"}, 403),
        ({"site": "velo.example"}, 403),
        ({"site": "xvelo.example"}, 403),
        ({"site": "valmont.example.ailleurs.example"}, 403),
        # What the browser says goes before what the code says.
        ({"site": "valmont.example", "embedded_on": "https://ailleurs.example"}, 403),
        ({"site": "ailleurs.example", "embedded_on": "https://valmont.example"}, 303),
        ({"embedded_on": "null", "site": "valmont.example"}, 303),
        ({}, 303),
    ],
)
def test_P60_the_list_is_kept_when_signing_too(
    lilas: Petition, fields: dict[str, Any], status: int
) -> None:
    list_site(lilas, "https://valmont.example", "https://*.velo.example")
    told = ask_one(framed(form(**fields, comment="Pour que ma fille y passe.")))
    assert told.status == status
    assert Signature.objects.count() == (status == 303)
    if status == 403:
        assert "pas prévu pour ce site" in told.text
        assert "Pour que ma fille y passe." in told.text


@wire
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"origin": "https://valmont.example"}, 403),
        ({"referer": "https://valmont.example/page"}, 403),
        ({"sec_fetch_site": "same-origin", "referer": "https://valmont.example/"}, 403),
        ({"sec_fetch_site": "same-origin", "referer": f"http://testserver{FRAME}"}, 201),
        ({"referer": "http://["}, 403),
        ({}, 201),
    ],
)
def test_P60_only_the_frame_itself_posts(
    lilas: Petition, headers: dict[str, str], status: int
) -> None:
    told = ask_one(framed(FORM, accept=JSON, **headers))
    assert told.status == status
    assert Signature.objects.count() == (status == 201)


@wire
def test_P60_a_refused_frame_keeps_what_was_typed_and_how_it_looks(lilas: Petition) -> None:
    typed = form(email="paul", site="valmont.example", accent="bleu", fond="sombre", ref="abcd2345")
    told = ask_one(framed(typed))
    assert told.status == 422
    assert "Cette adresse ne semble pas complète" in told.text
    assert 'data-accent="bleu" data-fond="sombre"' in told.text
    assert 'name="site" value="valmont.example"' in told.text
    assert 'name="ref" value="abcd2345"' in told.text
    assert f'action="{FRAME}signer/"' in told.text
    assert 'value="paul"' in told.text


@wire
def test_P60_says_who_brought_the_visitor(lilas: Petition) -> None:
    brought_by = make_signature(lilas)
    code = "abcdefgh"
    from_code = Asked(path=f"{FRAME}?ref={code}")
    assert f'name="ref" value="{code}"' in ask_one(from_code).text
    assert brought_by.pk


@wire
@pytest.mark.parametrize(
    "site",
    ["<script>", "a b", "x" * 61, "http://", "é\x00", "https://[", "javascript:alert(1)", "*"],
)
def test_P60_a_site_that_cannot_be_is_nobody(lilas: Petition, site: str) -> None:
    told = ask_one(framed(form(site=site, embedded_on=site), accept=JSON))
    assert told.status == 201
    assert Signature.objects.get().source_code == ""


@wire
def test_P61_a_closed_petition_shows_its_result_and_a_link(lilas: Petition) -> None:
    Petition.objects.filter(pk=lilas.pk).update(
        state=PetitionState.CLOSED, closed_at=NOW - timedelta(days=2)
    )
    read, posted = ask(Asked(path=FRAME), framed(FORM))
    assert (read.status, posted.status) == (200, 410)
    for told in (read, posted):
        assert "close depuis le" in told.text
        assert 'name="email"' not in told.text
        assert f'/petitions/{SLUG}/" target="_blank"' in told.text


@wire
@pytest.mark.parametrize("path", ["/integrer/rien/", "/integrer/rien/signer/", "/integrer/v2.js"])
def test_what_is_not_there_is_not_found(lilas: Petition, path: str) -> None:
    asked = framed(FORM)
    method = "POST" if path.endswith("signer/") else "GET"
    told = ask_one(Asked(path=path, method=method, body=asked.body, headers=asked.headers))
    assert told.status == 404


@wire
def test_P26_reading_the_address_of_the_form_leads_to_the_frame(lilas: Petition) -> None:
    told = ask_one(Asked(path=f"{FRAME}signer/"))
    assert (told.status, told.headers["location"]) == (303, FRAME)


@page
def test_an_old_address_leads_to_the_current_one(client: Client, lilas: Petition) -> None:
    Slug.objects.filter(petition=lilas).update(current=False)
    Slug.objects.create(petition=lilas, slug="piste")
    response = client.get(f"{FRAME}?site=a.example")
    assert (response.status_code, response["Location"]) == (301, "/integrer/piste/?site=a.example")


@page
def test_the_frame_has_only_its_own_light_files(
    client: Client, lilas: Petition, tmp_path: Path
) -> None:
    response = client.get(FRAME)
    found = parts(response)
    assert not found.styled
    assert all(file.startswith("/static/levier/") for file in found.loaded)
    assert "/static/levier/levier.css" not in " ".join(found.loaded)
    files = {file.split("/static/")[1] for file in found.loaded}
    names = {re.sub(r"\.[0-9a-f]{12}(?=\.)", "", file) for file in files}
    assert sum(sent(name, tmp_path) for name in names) < 8_000


@page
def test_the_frame_links_open_beside_it(client: Client, lilas: Petition) -> None:
    text = html(client.get(FRAME))
    links = re.findall(r"<a [^>]*>", text)
    assert links
    assert all('target="_blank" rel="noopener"' in link for link in links)


@page
def test_P60_a_site_that_is_not_listed_is_sent_to_the_page(client: Client, lilas: Petition) -> None:
    list_site(lilas, "https://valmont.example")
    shown = client.get(f"{FRAME}?site=valmont.example")
    elsewhere = client.get(f"{FRAME}?site=ailleurs.example")
    assert 'name="email"' in html(shown)
    assert 'name="email"' not in html(elsewhere)
    assert "Signer sur la page de la pétition" in words(elsewhere)


@page
def test_a_receipt_of_another_petition_opens_nothing(client: Client, lilas: Petition) -> None:
    receipt = Receipt(lilas.pk + 1, "abcd2345", 3, "Zoé", "z•••@exemple.fr", wants_updates=False)
    for token in (seal_receipt(receipt, now=NOW), "x"):
        response = client.get(f"{FRAME}merci/{token}/")
        assert response.status_code == 404
        assert "Ce lien n’est plus valable" in words(response)
        assert "Zoé" not in words(response)


@page
def test_a_partner_brings_its_box_and_its_own_sites(client: Client, lilas: Petition) -> None:
    list_site(lilas, "https://valmont.example")
    Partner.objects.create(
        petition=lilas,
        name="Rue pour tous",
        slug="rue",
        sentence="J’accepte que Rue pour tous m’écrive.",
        sites=["https://rue.example"],
        created_at=NOW,
    )
    response = client.get(f"{FRAME}?par=rue&site=rue.example")
    assert "J’accepte que Rue pour tous m’écrive." in words(response)
    assert "https://rue.example" in response["Content-Security-Policy"]
    assert "https://valmont.example" not in response["Content-Security-Policy"]
    assert "checked" not in html(response)
    assert "Rue pour tous" not in words(client.get(FRAME))
    assert "Rue pour tous" not in words(client.get(f"{FRAME}?par=inconnu%00"))


def luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(c * 2 for c in colour[1:])
    parts_of = [int(full[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts_of]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("accent", sorted(ACCENTS))
def test_every_colour_is_read_in_both_schemes(accent: str) -> None:
    path = finders.find("levier/embed/frame.css")
    assert isinstance(path, str)
    css = Path(path).read_text()
    block = css if accent == "aubergine" else css.split(f'[data-accent="{accent}"]')[1]
    light, dark = re.findall(r"--accent: light-dark\((#\w+), (#\w+)\)", block)[0]
    assert contrast(light, "#fffdfb") >= 4.5
    assert contrast(dark, "#1a0f17") >= 4.5
