"""Who brought the most, and the tree of one signatory."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from levier.foundation.accounts.models import Organisation, User
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.brought_by import PER_PAGE
from tests.cast import NOW, make_campaign, make_petition, make_signature
from tests.faces.desk.conftest import SeatedAt
from tests.journals import journalled

pytestmark = pytest.mark.django_db
HERE = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/liens/"


@pytest.fixture
def paul(lilas: Petition) -> Signature:
    return make_signature(lilas, first_name="Paul", last_name="Tremblay")


@pytest.fixture
def desk(seat: SeatedAt, aicha: User, lilas: Petition) -> Client:
    return seat(aicha)


def brought(by: Signature, first_name: str = "Camille", **fields: object) -> Signature:
    return make_signature(by.petition, first_name=first_name, referred_by=by, **fields)  # type: ignore[arg-type]


def test_those_who_brought_the_most_come_first(desk: Client, paul: Signature) -> None:
    near = brought(paul, "Jacques")
    for _ in range(3):
        brought(near)
    brought(paul, state="held")
    journalled(paul.petition)
    found = desk.get(HERE).context["leaders"]
    assert [(one.name, one.brought.direct, one.brought.further) for one in found] == [
        ("Paul Tremblay", 1, 3),
        ("Jacques Roche", 3, 0),
    ]


def test_P54_who_may_not_see_names_reads_a_first_name_and_a_letter(
    seat: SeatedAt, olga: User, paul: Signature
) -> None:
    brought(paul)
    journalled(paul.petition)
    page = seat(olga).get(HERE).text
    assert "Paul T." in page
    assert "Tremblay" not in page
    assert f"{HERE}{paul.pk}/" not in page
    assert seat(olga).get(f"{HERE}{paul.pk}/").status_code == 403


def test_the_tree_of_one_signatory(desk: Client, paul: Signature) -> None:
    near = brought(paul, "Jacques")
    far = brought(near, "Inès")
    brought(near, "Nour", state="withdrawn")
    brought(far, "Zoé")
    journalled(paul.petition)
    page = desk.get(f"{HERE}{near.pk}/")
    assert [one.name for one in page.context["above"]] == ["Paul Tremblay"]
    assert [(one.name, one.brought.total) for one in page.context["below"]] == [("Inès Roche", 1)]
    assert "Son lien a apporté 1 signature, et les liens de ces personnes 1 de plus." in page.text
    assert "Nour" not in page.text


def test_pages_follow_one_another_and_hold_everyone_once(desk: Client, paul: Signature) -> None:
    pks = [brought(paul).pk for _ in range(PER_PAGE + 3)]
    journalled(paul.petition)
    first = desk.get(f"{HERE}{paul.pk}/")
    second = desk.get(f"{HERE}{paul.pk}/?apres={first.context['next']}")
    seen = [one.pk for page in (first, second) for one in page.context["below"]]
    assert seen == pks
    assert second.context["next"] is None


@pytest.mark.parametrize("after", ["", "abc", "-1", "9" * 40, "١", "1e3", "%00"])
def test_an_odd_page_is_a_page(desk: Client, paul: Signature, after: str) -> None:
    assert desk.get(f"{HERE}{paul.pk}/?apres={after}").status_code == 200


def test_another_petition_s_signature_is_not_found(
    desk: Client, lilas: Petition, valmont: Organisation, aicha: User
) -> None:
    other = make_signature(make_petition(make_campaign(valmont), aicha, slug="autre"))
    assert desk.get(f"{HERE}{other.pk}/").status_code == 404
    assert desk.get(f"{HERE}{'9' * 30}/").status_code == 404


def test_an_erased_name_stays_erased(desk: Client, paul: Signature) -> None:
    brought(paul)
    Signature.objects.filter(pk=paul.pk).update(first_name="", last_name="", person=None)
    journalled(paul.petition)
    assert "Nom effacé" in desk.get(HERE).text
    assert "Nom effacé" in desk.get(f"{HERE}{paul.pk}/").text


def test_ways_are_named(desk: Client, lilas: Petition) -> None:
    Partner.objects.create(
        petition=lilas, name="Vélo Ouest", slug="velo-ouest", sentence="Oui", created_at=NOW
    )
    make_signature(lilas)
    for code in ("par:velo-ouest", "https://blog.exemple"):
        make_signature(lilas, source="embed", source_code=code)
    make_signature(lilas, source="import", source_code="import:3")
    journalled(lilas)
    found = {way.name: way.counted for way in desk.get(HERE).context["ways"]}
    assert found == {
        "Page de la pétition": 1,
        "Partenaire\u00a0: Vélo Ouest": 1,
        "Formulaire intégré\u00a0: https://blog.exemple": 1,
        "Import": 1,
    }


def test_nobody_yet(desk: Client, lilas: Petition) -> None:
    page = desk.get(HERE).text
    assert "Aucun lien n’a encore apporté de signature." in page
    assert "Personne n’a encore signé." in page


@pytest.mark.parametrize("tree", [False, True])
def test_one_costs_as_much_as_three(desk: Client, paul: Signature, tree: bool) -> None:
    address = f"{HERE}{paul.pk}/" if tree else HERE
    counts = []
    for how_many in (1, 2):
        for _ in range(how_many):
            brought(brought(paul))
        journalled(paul.petition)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
