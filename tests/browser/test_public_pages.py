"""Every public page: no fault of axe, nothing wider than the screen, both schemes, both widths."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from levier.foundation.accounts.models import User
from levier.gathering.petitions.enums import CommentState, PetitionState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.rules.receipts import Receipt, seal_receipt
from tests.browser.conftest import OpenPage
from tests.cast import NOW, make_petition, make_signature

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/petitions/piste-cyclable-rue-des-lilas/"
LONG = "Donaudampfschifffahrtsgesellschaftskapitän et ses amis veulent une piste"


@pytest.fixture
def paths(lilas: Petition, aicha: User) -> list[str]:
    """Every kind of public page, with something on it."""
    signatory = make_signature(lilas).person
    assert signatory is not None
    comment = Comment.objects.create(
        petition=lilas,
        person=signatory,
        shown_name="Anne-Charlotte-Emmanuelle T.",
        text="https://exemple.fr/" + "une-tres-longue-adresse-sans-espace-" * 6,
        state=CommentState.PUBLISHED,
        created_at=NOW,
    )
    version = Version.objects.create(
        petition=lilas,
        n=2,
        title=LONG,
        ask="Nous demandons un vote avant l’été 2027. " * 6,
        story="<h3>Pourquoi</h3><p>Parce que.</p><ul><li>un</li></ul>" * 3,
        sha256=bytes(32),
        created_at=NOW,
        published_at=NOW + timedelta(days=1),
    )
    Petition.objects.filter(pk=lilas.pk).update(version=version)
    Tally.objects.update(last_number=8686, counted=8686, confirmed=7012, paper=312)
    for state in (PetitionState.PAUSED, PetitionState.CLOSED, PetitionState.WON):
        make_petition(lilas.campaign, aicha, state.value, state, closed_at=NOW)
    receipt = Receipt(lilas.pk, "abcd2345", 8686, "Jean-Sébastien", "j•••••@exemple.fr", True)
    tokens = [
        seal_receipt(receipt._replace(number=number), now=timezone.now())
        for number in (8686, 1, None)
    ]
    return [
        *(
            "/",
            "/?q=hydravion",
            PAGE,
            "/petitions/paused/",
            "/petitions/closed/",
            "/petitions/won/",
        ),
        *(f"{PAGE}merci/{token}/" for token in tokens),
        *(f"{PAGE}merci/{tokens[0]}/?renvoye=1", f"{PAGE}merci/x/"),
        *(f"{PAGE}versions/", f"{PAGE}commentaires/", f"{PAGE}commentaires/?signale=1"),
        *(f"{PAGE}commentaires/{comment.pk}/signaler/", "/petitions/won/commentaires/"),
        *("/donnees-personnelles/", "/mentions-legales/", "/accessibilite/", "/rien/"),
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_overflows(
    open_page: OpenPage, paths: list[str], width: int, scheme: str
) -> None:
    page = open_page(paths[0], width=width, color_scheme=scheme)
    for path in paths:
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_nothing_is_fetched_from_elsewhere(
    open_page: OpenPage, paths: list[str], site: str
) -> None:
    page = open_page(paths[0])
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    for path in paths:
        page.goto(path)
    assert len(fetched) > len(paths)
    assert [url for url in fetched if not url.startswith((site, "data:"))] == []
    assert page.context.cookies() == []
