"""The named cast, and makers of what they need. The makers use the models directly, so that a test
of one verb does not depend on another verb."""

import hashlib
import uuid
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from levier.foundation.accounts.enums import Role
from levier.foundation.accounts.models import Membership, Organisation, User
from levier.foundation.campaigns.models import Campaign
from levier.foundation.directory.models import Mandate, Organization, PersonInOffice, Post
from levier.foundation.people.enums import Channel
from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition, Slug, Version
from levier.gathering.signing.enums import SignatureSource, SignatureState
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.models.tally import Tally

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 9, 16, 9, 40, tzinfo=PARIS)
_serial = count(1)


def make_organisation(name: str = "Valmont à vélo", slug: str = "valmont-a-velo") -> Organisation:
    return Organisation.objects.create(
        uuid=uuid.uuid4(),
        name=name,
        slug=slug,
        legal_name=f"Association {name}",
        postal_address="3 rue du Lavoir, 00000 Valmont",
        sender_email=f"bonjour@{slug}.example",
        created_at=NOW,
    )


def make_user(
    email: str, name: str, organisation: Organisation | None = None, role: str = Role.OWNER
) -> User:
    user = User.objects.create_user(email, "demonstration", name=name)
    if organisation is not None:
        Membership.objects.create(organisation=organisation, user=user, role=role, since=NOW)
    return user


def make_campaign(organisation: Organisation, **fields: Any) -> Campaign:
    n = next(_serial)
    return Campaign.objects.create(
        **{
            "organisation": organisation,
            "name": "Une piste cyclable rue des Lilas",
            "slug": f"campagne-{n}",
            "created_at": NOW,
            **fields,
        }
    )


def make_addressee(organisation: Organisation) -> tuple[Post, PersonInOffice]:
    town = Organization.objects.create(owner=organisation, name="Ville de Valmont")
    post = Post.objects.create(
        owner=organisation,
        organization=town,
        label="3e adjointe au maire",
        responsibility="mobilités",
    )
    person = PersonInOffice.objects.create(
        owner=organisation, name="Khady Diallo", honorific_prefix="Mme", family_name="Diallo"
    )
    Mandate.objects.create(owner=organisation, person=person, post=post)
    return post, person


def make_petition(
    campaign: Campaign,
    author: User,
    slug: str = "piste-cyclable-rue-des-lilas",
    state: str = PetitionState.OPEN,
    **fields: Any,
) -> Petition:
    """A petition with its text, address and tally; published unless `state` says otherwise."""
    post, person = make_addressee(campaign.organisation)
    petition = Petition.objects.create(
        uuid=uuid.uuid4(),
        campaign=campaign,
        author=author,
        addressee_post=post,
        addressee_person=person,
        created_at=NOW,
    )
    title = "Une piste cyclable rue des Lilas"
    version = Version.objects.create(
        petition=petition,
        n=1,
        title=title,
        ask="Nous demandons à Mme Diallo de faire voter, avant l’été 2027, une piste cyclable "
        "protégée et continue sur les 1,4 km de la rue des Lilas.",
        story="<p>Chaque matin, quatre cents enfants rejoignent le collège par cette rue.</p>",
        sha256=hashlib.sha256(title.encode()).digest(),
        created_at=NOW,
        published_at=NOW,
    )
    Slug.objects.create(petition=petition, slug=slug)
    Tally.objects.create(petition=petition, updated_at=NOW)
    Petition.objects.filter(pk=petition.pk).update(
        version=version, state=state, published_at=NOW, **fields
    )
    petition.refresh_from_db()
    return petition


def make_signature(petition: Petition, email: str = "", **fields: Any) -> Signature:
    """A counted signature with its person, address, link and place in the tally."""
    n = next(_serial)
    email = email or f"personne{n}@exemple.fr"
    organisation = petition.campaign.organisation
    names = {"first_name": "Camille", "last_name": "Roche", "postcode": "35000", "country": "FR"}
    person = Person.objects.create(
        organisation=organisation, uuid=uuid.uuid4(), created_at=NOW, **names
    )
    point = ContactPoint.objects.create(
        organisation=organisation,
        person=person,
        channel=Channel.EMAIL,
        typed=email,
        canonical=email.lower(),
        created_at=NOW,
    )
    tally = Tally.objects.get(petition=petition)
    state = fields.get("state", SignatureState.COUNTED)
    number = None
    if state == SignatureState.COUNTED:
        tally.last_number += 1
        tally.counted += 1
        tally.confirmed += fields.get("confirmed_at") is not None
        number = tally.last_number
    tally.held += state == SignatureState.HELD
    tally.save()
    signature = Signature.objects.create(
        **{
            "petition": petition,
            "version": petition.version,
            "person": person,
            "contact_point": point,
            "number": number,
            "state": state,
            "source": SignatureSource.WEB,
            "signed_at": NOW,
            "salt": bytes(16),
            **names,
            **fields,
        }
    )
    ReferralCode.objects.create(code=f"c{n:07d}", signature=signature)
    return signature


def person_of(signature: Signature) -> Person:
    """Who signed, for a signature that is not anonymised."""
    assert signature.person is not None
    return signature.person


@pytest.fixture
def valmont(db: None) -> Organisation:
    return make_organisation()


@pytest.fixture
def droits_debout(db: None) -> Organisation:
    return make_organisation("Droits debout", "droits-debout")


@pytest.fixture
def aicha(valmont: Organisation) -> User:
    """Owner of « Valmont à vélo »."""
    return make_user("aicha@valmont.example", "Aïcha Benali", valmont, Role.OWNER)


@pytest.fixture
def hugo(valmont: Organisation) -> User:
    """Campaigner of « Valmont à vélo »."""
    return make_user("hugo@valmont.example", "Hugo Marchand", valmont, Role.CAMPAIGNER)


@pytest.fixture
def mariam(valmont: Organisation) -> User:
    """Ambassador of « Valmont à vélo »."""
    return make_user("mariam@valmont.example", "Mariam Sow", valmont, Role.AMBASSADOR)


@pytest.fixture
def olga(valmont: Organisation) -> User:
    """Observer of « Valmont à vélo »."""
    return make_user("olga@valmont.example", "Olga Petit", valmont, Role.OBSERVER)


@pytest.fixture
def claire(droits_debout: Organisation) -> User:
    """Owner of « Droits debout », a stranger to « Valmont à vélo »."""
    return make_user("claire@droitsdebout.example", "Claire Morel", droits_debout, Role.OWNER)


@pytest.fixture
def stranger(db: None) -> User:
    """Belongs to no organisation."""
    return make_user("etranger@ailleurs.example", "Étienne Ranger")


@pytest.fixture
def lilas(valmont: Organisation, aicha: User) -> Petition:
    """The open petition « Une piste cyclable rue des Lilas »."""
    return make_petition(make_campaign(valmont), aicha)
