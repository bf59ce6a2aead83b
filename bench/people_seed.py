"""People unlike one another: names, places, agreements, tags, words, links; written in sets."""

import psycopg

from bench.place import Place
from bench.seed import sign_many
from levier.gathering.petitions.models.petition import Petition

VARIED = """
UPDATE levier_person SET
    first_name = (ARRAY['André', 'Inès', 'Zoé', 'Paul', 'Khady', 'Élodie', 'Ousmane', 'Marie',
        'Camille', 'Jean-Pierre', 'Nour', 'Léa', 'Hugo', 'Mariam', 'Étienne', 'Louise'])
        [1 + (hashint8(id) & 15)],
    last_name = (ARRAY['Martin', 'Bernard', 'Dubois', 'Thomas', 'Robert', 'Petit', 'Durand',
        'Leroy', 'Moreau', 'Simon', 'Laurent', 'Lefebvre', 'Michel', 'Garcia', 'David', 'Roux'])
        [1 + ((hashint8(id) >> 4) & 15)] || chr(97 + ((hashint8(id) >> 8) & 15))
        || chr(97 + ((hashint8(id) >> 12) & 15)),
    postcode = lpad((1000 + (hashint8(id + 7) & 65535) %% 94000)::text, 5, '0'),
    created_at = now() - interval '400 days' + id * interval '1 second';

UPDATE levier_signature SET confirmed_at = signed_at + interval '1 hour'
WHERE id %% 10 < 7;

UPDATE levier_signature SET referred_by_id = id - id %% 97 - 1
WHERE id %% 10 < 3 AND EXISTS (
    SELECT FROM levier_signature AS earlier
    WHERE earlier.id = levier_signature.id - levier_signature.id %% 97 - 1
);

INSERT INTO levier_consent (person_id, channel, purpose, scope, given, wording, source, at)
SELECT id, 'email', 'petition_news', %(news)s, true, 'Oui', 'banc', now() FROM levier_person
WHERE id %% 3 > 0;

INSERT INTO levier_consentstate (person_id, channel, purpose, scope, given, at)
SELECT id, 'email', 'petition_news', %(news)s, true, now() FROM levier_person WHERE id %% 3 > 0;

INSERT INTO levier_tag (organisation_id, name, folded, created_at)
VALUES (%(organisation)s, 'presse', 'presse', now());

INSERT INTO levier_persontag (person_id, tag_id, at)
SELECT person.id, tag.id, now() FROM levier_person AS person, levier_tag AS tag
WHERE person.id %% 20 = 0;

INSERT INTO levier_comment (petition_id, person_id, shown_name, text, state, for_press, for_dossier,
    created_at)
SELECT %(petition)s, id, '', 'Parce que oui.', 'waiting', false, false, now() FROM levier_person
WHERE id %% 25 = 0;

UPDATE levier_tally SET confirmed = (
    SELECT count(*) FROM levier_signature WHERE confirmed_at IS NOT NULL
) WHERE petition_id = %(petition)s;
"""


def people(place: Place, petition: Petition, many: int) -> None:
    """`many` supporters, all signatories of the petition, in the database of a place."""
    sign_many(place.url, petition, many)
    values = {
        "organisation": petition.campaign.organisation_id,
        "petition": petition.pk,
        "news": f"petition:{petition.pk}",
    }
    with psycopg.connect(place.url, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET synchronous_commit = off")
        for statement in VARIED.split(";\n\n"):
            connection.execute(statement.rstrip().rstrip(";"), values)
    vacuum(place)


def vacuum(place: Place) -> None:
    """Statistics as a night of autovacuum leaves them."""
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
