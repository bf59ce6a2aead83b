-- Persons and addresses that are not known yet, as the intake writes them: before any lock, the
-- address first, so that whoever else writes it wins. What is known is never changed (P21).
WITH unknown AS MATERIALIZED (
    SELECT met.*, nextval('levier_person_id_seq') AS person FROM (
        SELECT DISTINCT ON (canonical) * FROM levier_importrow
        WHERE import = %(import)s AND reason = '' /*range*/
        ORDER BY canonical, position, row
    ) AS met LEFT JOIN LATERAL (
        SELECT id FROM levier_contactpoint
        WHERE organisation_id = %(organisation)s AND channel = 'email'
            AND canonical = met.canonical
        LIMIT 1
    ) AS known ON true
    WHERE known.id IS NULL
    ORDER BY canonical
), reached AS (
    INSERT INTO levier_contactpoint
        (organisation_id, person_id, channel, typed, canonical, state, state_reason, created_at)
    SELECT %(organisation)s, person, 'email', typed, canonical, 'ok', '', %(started)s FROM unknown
    ON CONFLICT (organisation_id, channel, canonical) DO NOTHING
    RETURNING person_id
)
INSERT INTO levier_person (
    id, organisation_id, uuid, first_name, last_name, honorific, postcode, country,
    language, time_zone, created_at
)
SELECT person, %(organisation)s, gen_random_uuid(), first_name, last_name, '', postcode, country,
    '', '', %(started)s
FROM unknown WHERE (person IN (SELECT person_id FROM reached)) IS TRUE  -- a look in a hash
