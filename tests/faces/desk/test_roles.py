"""What each role may do with a petition of its own organisation."""

import pytest

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Organisation
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition
from tests.cast import make_user
from tests.faces.desk.conftest import SeatedAt

pytestmark = pytest.mark.django_db
LILAS = "/tableau-de-bord/petitions/piste-cyclable-rue-des-lilas/"
READ, MODERATE, EDIT = "", "commentaires/", "modifier/"
EXPECTED = {
    Role.OWNER: (200, 200, 200),
    Role.CAMPAIGNER: (200, 200, 200),
    Role.MODERATOR: (200, 200, 403),
    Role.OBSERVER: (200, 403, 403),
    Role.AMBASSADOR: (404, 404, 404),
    Role.TELEPHONE_AGENT: (404, 404, 404),
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_own_doors(
    role: Role, seat: SeatedAt, valmont: Organisation, lilas: Petition
) -> None:
    client = seat(make_user("quelquun@valmont.example", "Quelqu’un", valmont, role))
    found = tuple(client.get(LILAS + page).status_code for page in (READ, MODERATE, EDIT))
    assert found == EXPECTED[role]


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.OBSERVER])
def test_who_may_not_campaign_neither_closes_nor_exports(
    role: Role, seat: SeatedAt, valmont: Organisation, lilas: Petition
) -> None:
    client = seat(make_user("quelquun@valmont.example", "Quelqu’un", valmont, role))
    for verb in ("clore/", "pause/", "signatures/exporter/"):
        response = client.post(LILAS + verb)
        assert response.status_code == 403
        assert "Votre rôle ne permet pas ce geste" in response.text
    assert Petition.objects.get(pk=lilas.pk).state == PetitionState.OPEN


def test_an_observer_sees_numbers_and_no_door_to_names(
    seat: SeatedAt, valmont: Organisation, lilas: Petition
) -> None:
    client = seat(make_user("olga@valmont.example", "Olga Petit", valmont, Role.OBSERVER))
    page = client.get(LILAS).text
    assert "au total" in page
    for door in ("modifier/", "signatures/", "commentaires/", "a-verifier/"):
        assert f'href="{LILAS}{door}' not in page
