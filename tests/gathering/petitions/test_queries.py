from datetime import timedelta

import pytest

from levier.foundation.accounts.models import Organisation, User
from levier.gathering.petitions.enums import PUBLIC, PetitionState
from levier.gathering.petitions.models.petition import Petition, Slug
from levier.gathering.petitions.queries import (
    current_slug,
    mandate_of,
    open_petitions,
    page_of,
    publishers,
    won_petitions,
)
from tests.cast import make_campaign, make_petition


def test_a_page_is_found_at_every_address_it_had(lilas: Petition) -> None:
    Slug.objects.update(current=False)
    Slug.objects.create(petition=lilas, slug="lilas")
    for slug in ("lilas", "piste-cyclable-rue-des-lilas"):
        page = page_of(slug)
        assert page is not None
        assert (page.petition, page.slug, page.version) == (lilas, "lilas", lilas.version)
    assert current_slug(lilas.pk) == "lilas"


@pytest.mark.parametrize("state", PetitionState.values)
def test_P5_only_what_is_public_is_found(lilas: Petition, state: str) -> None:
    Petition.objects.update(state=state)
    assert (page_of("piste-cyclable-rue-des-lilas") is not None) == (state in PUBLIC)
    assert (current_slug(lilas.pk) is not None) == (state in PUBLIC)
    assert publishers().exists() == (state in PUBLIC)
    assert open_petitions().exists() == (state == PetitionState.OPEN)
    assert won_petitions().exists() == (state == PetitionState.WON)


def test_the_latest_comes_first(lilas: Petition, aicha: User) -> None:
    assert lilas.published_at is not None
    newer = make_petition(lilas.campaign, aicha, "nouvelle")
    Petition.objects.filter(pk=newer.pk).update(published_at=lilas.published_at + timedelta(days=1))
    assert [address.slug for address in open_petitions()] == [
        "nouvelle",
        "piste-cyclable-rue-des-lilas",
    ]


def test_publishers_are_named_once(
    lilas: Petition, aicha: User, droits_debout: Organisation, claire: User
) -> None:
    make_petition(lilas.campaign, aicha, "une-autre")
    make_petition(make_campaign(droits_debout), claire, "liberez-la-parole")
    assert [str(organisation) for organisation in publishers()] == [
        "Droits debout",
        "Valmont à vélo",
    ]


def test_the_mandate_is_of_that_person_in_that_post(lilas: Petition, aicha: User) -> None:
    other = make_petition(lilas.campaign, aicha, "une-autre")
    mandate = mandate_of(lilas)
    assert mandate is not None
    assert mandate.person == lilas.addressee_person
    assert mandate_of(other) != mandate
