-- Persons and addresses of a batch that are not known yet. What is known is never changed (P21).
-- The address goes in first, with the id its person will have: when another transaction has just
-- written the same address, it wins, and no person is left without an address. Each address comes
-- once, in order (see batch.py), so that two batches never wait for each other.
WITH unknown AS MATERIALIZED (
    SELECT input.*, nextval('levier_person_id_seq') AS person
    FROM json_to_recordset(%(people)s::json) AS input (
        organisation bigint, email text, typed text, uuid uuid,
        first_name text, last_name text, postcode text, country text
    ) LEFT JOIN LATERAL (
        SELECT id FROM levier_contactpoint
        WHERE organisation_id = input.organisation AND channel = 'email' AND canonical = input.email
        LIMIT 1
    ) AS known ON true
    WHERE known.id IS NULL
), reached AS (
    INSERT INTO levier_contactpoint
        (organisation_id, person_id, channel, typed, canonical, state, state_reason, created_at)
    SELECT organisation, person, 'email', coalesce(typed, email), email, 'ok', '', %(now)s
    FROM unknown
    ON CONFLICT (organisation_id, channel, canonical) DO NOTHING
    RETURNING person_id
)
INSERT INTO levier_person (
    id, organisation_id, uuid, first_name, last_name, honorific, postcode, country,
    language, time_zone, created_at
)
SELECT person, organisation, uuid, first_name, last_name, '', postcode, country,
    '', '', %(now)s
FROM unknown
-- IS TRUE keeps this a look-up in a hash: planned as a join, it compared every row with every other.
WHERE (person IN (SELECT person_id FROM reached)) IS TRUE
