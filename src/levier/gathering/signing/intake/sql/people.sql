-- Persons and addresses of a batch that are not known yet. What is known is never changed (P21).
-- The address goes in first, with the id its person will have: when another transaction has just
-- written the same address, it wins, and no person is left without an address. Sorted, so that two
-- batches never wait for each other.
WITH input AS MATERIALIZED (
    SELECT DISTINCT ON (organisation, email) *
    FROM json_to_recordset(%(people)s::json) AS r (
        o int, organisation bigint, email text, typed text,
        first_name text, last_name text, postcode text, country text
    )
    ORDER BY organisation, email, o
), unknown AS MATERIALIZED (
    SELECT input.*, nextval('levier_person_id_seq') AS person
    FROM input LEFT JOIN LATERAL (
        SELECT id FROM levier_contactpoint
        WHERE organisation_id = input.organisation AND channel = 'email' AND canonical = input.email
        LIMIT 1
    ) AS known ON true
    WHERE known.id IS NULL
    ORDER BY organisation, email
), reached AS (
    INSERT INTO levier_contactpoint
        (organisation_id, person_id, channel, typed, canonical, state, state_reason, created_at)
    SELECT organisation, person, 'email', typed, email, 'ok', '', %(now)s
    FROM unknown
    ON CONFLICT (organisation_id, channel, canonical) DO NOTHING
    RETURNING person_id
)
INSERT INTO levier_person (
    id, organisation_id, uuid, first_name, last_name, honorific, postcode, country,
    language, time_zone, created_at
)
SELECT person, organisation, gen_random_uuid(), first_name, last_name, '', postcode, country,
    '', '', %(now)s
FROM unknown JOIN reached ON reached.person_id = unknown.person
