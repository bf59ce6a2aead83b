"""A petition to sign, and a million signatures already there, written in sets."""

import uuid

import psycopg
from django.utils import timezone

from bench.place import SLUG
from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.models import Campaign
from levier.foundation.directory.models import Mandate, Organization, PersonInOffice, Post
from levier.foundation.ledger.models import TreeHead
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition, Slug, Version
from levier.gathering.signing.models.tally import Tally

MANY = """
INSERT INTO levier_person (id, organisation_id, uuid, first_name, last_name, honorific, postcode,
    country, language, time_zone, created_at)
SELECT nextval('levier_person_id_seq'), %(organisation)s, gen_random_uuid(), 'Camille', 'Roche',
    '', '35000', 'FR', '', '', now() FROM generate_series(1, %(many)s);

INSERT INTO levier_contactpoint (organisation_id, person_id, channel, typed, canonical, state,
    state_reason, created_at)
SELECT %(organisation)s, id, 'email', address, address, 'ok', '', now()
FROM levier_person, LATERAL (SELECT md5(id::text) || '@exemple.fr' AS address) AS made;

INSERT INTO levier_signature (id, petition_id, version_id, person_id, contact_point_id, number,
    state, first_name, last_name, postcode, country, show_name, source, source_code, signed_at,
    reason, salt)
SELECT nextval('levier_signature_id_seq'), %(petition)s, %(version)s, person_id, id,
    row_number() OVER (ORDER BY id), 'counted', 'Camille', 'Roche', '35000', 'FR', false, 'web',
    '', now() - interval '30 days' + id * interval '1 second', '', uuid_send(gen_random_uuid())
FROM levier_contactpoint;

INSERT INTO levier_referralcode (code, signature_id)
SELECT reverse(lpad(id::text, 8, '0')), id FROM levier_signature;

INSERT INTO levier_activity (organisation_id, person_id, kind, subject, at)
SELECT %(organisation)s, person_id, 'signed', 'signature:' || id, signed_at FROM levier_signature;

WITH leaf AS MATERIALIZED (
    SELECT number, leaf, sha256('\\x00'::bytea || leaf) AS leaf_hash
    FROM levier_signature, LATERAL (
        SELECT '\\x0101'::bytea || uuid_send(%(uuid)s) || int8send(number) || int8send(0)
            || sha256(salt) AS leaf
    ) AS made
)
INSERT INTO levier_entry (scope, seq, kind, leaf, leaf_hash, chain_hash, at)
SELECT %(organisation)s, number, 1, leaf, leaf_hash,
    levier_chain(decode(repeat('00', 32), 'hex'), leaf_hash) OVER (ORDER BY number), now()
FROM leaf;

UPDATE levier_treehead SET size = %(many)s, chain_hash = (
    SELECT chain_hash FROM levier_entry WHERE scope = %(organisation)s AND seq = %(many)s
) WHERE scope = %(organisation)s;

UPDATE levier_tally SET last_number = %(many)s, counted = %(many)s
WHERE petition_id = %(petition)s;
"""


def make_petition() -> Petition:
    """An open petition of an organisation of its own."""
    now = timezone.now()
    organisation = Organisation.objects.create(
        uuid=uuid.uuid4(), name="Banc d’essai", slug=SLUG, legal_name="Association du banc",
        postal_address="1 rue du Banc, 00000 Valmont", sender_email="banc@valmont.example",
        created_at=now,
    )  # fmt: skip
    author = User.objects.create_user("banc@valmont.example", name="Banc")
    campaign = Campaign.objects.create(
        organisation=organisation, name="Banc d’essai", slug=SLUG, created_at=now
    )
    town = Organization.objects.create(owner=organisation, name="Ville de Valmont")
    post = Post.objects.create(owner=organisation, organization=town, label="Maire")
    mayor = PersonInOffice.objects.create(owner=organisation, name="Henri Roux")
    Mandate.objects.create(owner=organisation, person=mayor, post=post)
    petition = Petition.objects.create(
        uuid=uuid.uuid4(), campaign=campaign, author=author, addressee_post=post,
        addressee_person=mayor, created_at=now,
    )  # fmt: skip
    version = Version.objects.create(
        petition=petition, n=1, title="Un banc place de la Gare", ask="Nous demandons un banc.",
        story="<p>Il n’y a pas de banc.</p>" * 30, sha256=bytes(32), created_at=now,
        published_at=now,
    )  # fmt: skip
    Slug.objects.create(petition=petition, slug=SLUG)
    Tally.objects.create(petition=petition, updated_at=now)
    TreeHead.objects.create(scope=organisation.pk)
    Petition.objects.filter(pk=petition.pk).update(
        version=version, state=PetitionState.OPEN, published_at=now
    )
    petition.refresh_from_db()
    return petition


def sign_many(url: str, petition: Petition, many: int) -> None:
    """Write `many` counted signatures, with all that goes with each, on an unsigned petition."""
    values = {
        "organisation": petition.campaign.organisation_id,
        "petition": petition.pk,
        "version": petition.version_id,
        "uuid": petition.uuid,
        "many": many,
    }
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET synchronous_commit = off")
        for statement in MANY.split(";\n\n"):
            connection.execute(statement.rstrip().rstrip(";"), values)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT") if _may_checkpoint(connection) else None


def _may_checkpoint(connection: psycopg.Connection) -> bool:
    found = connection.execute(
        "SELECT rolsuper OR pg_has_role(current_user, 'pg_checkpoint', 'USAGE')"
        " FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    return bool(found and found[0])
