-- Who is not known yet, once the others were seen to. The address first: where it is there already,
-- nothing is written, and whoever else writes it meanwhile wins.
WITH laid AS MATERIALIZED (
    SELECT * FROM levier_importrow
    WHERE import = %(import)s AND reason = '' AND position = 0
        AND row > %(row)s AND row <= %(to_row)s
), unknown AS MATERIALIZED (
    SELECT met.*, nextval('levier_person_id_seq') AS person FROM (
        SELECT DISTINCT ON (channel, canonical) * FROM laid ORDER BY channel, canonical, row
    ) AS met
), reached AS (
    INSERT INTO levier_contactpoint
        (organisation_id, person_id, channel, typed, canonical, state, state_reason, created_at)
    SELECT %(organisation)s, person, channel, typed, canonical, 'ok', '', %(started)s
    FROM unknown
    ON CONFLICT (organisation_id, channel, canonical) DO NOTHING
    RETURNING person_id
), added AS MATERIALIZED (
    -- « IS TRUE » keeps this a look in a hash, however few rows the planner expects.
    SELECT * FROM unknown WHERE (person IN (SELECT person_id FROM reached)) IS TRUE
), written AS (
    INSERT INTO levier_person (
        id, organisation_id, uuid, first_name, last_name, honorific, postcode, country, language,
        time_zone, created_at
    )
    SELECT person, %(organisation)s, gen_random_uuid(), first_name, last_name, honorific, postcode,
        country, language, '', %(started)s
    FROM added
), called AS (
    INSERT INTO levier_contactpoint
        (organisation_id, person_id, channel, typed, canonical, state, state_reason, created_at)
    SELECT DISTINCT ON (phone_canonical) %(organisation)s, person, 'phone', phone, phone_canonical,
        'ok', '', %(started)s::timestamptz
    FROM added WHERE phone <> '' ORDER BY phone_canonical, row
    ON CONFLICT (organisation_id, channel, canonical) DO NOTHING
), tagged AS (
    INSERT INTO levier_persontag (person_id, tag_id, at)
    SELECT DISTINCT person, tag, %(started)s::timestamptz FROM (
        SELECT person, named.tag FROM added CROSS JOIN unnest(added.tags) AS name
        JOIN json_to_recordset(%(tags)s::json) AS named (name text, tag bigint) USING (name)
        UNION ALL
        SELECT person, tag FROM added CROSS JOIN unnest(%(for_all)s::bigint[]) AS tag
    ) AS put ORDER BY person, tag
), agreed AS MATERIALIZED (
    SELECT added.person, wording.*, coalesce(added.at, %(said_at)s) AS at
    FROM added CROSS JOIN unnest(added.agreed) AS box (field)
    JOIN json_to_recordset(%(wordings)s::json) AS wording (
        field text, channel text, purpose text, wording text
    ) USING (field)
), stated AS (
    INSERT INTO levier_consent (person_id, channel, purpose, given, wording, source, at)
    SELECT person, channel, purpose, true, wording, %(source)s, at FROM agreed
), current_consent AS (
    INSERT INTO levier_consentstate (person_id, channel, purpose, given, at)
    SELECT person, channel, purpose, true, at FROM agreed
), told AS (
    INSERT INTO levier_activity (organisation_id, person_id, kind, subject, data, at)
    SELECT %(organisation)s, person, 'imported', %(source)s, '{"created": true}', %(started)s
    FROM added
)
SELECT (SELECT count(*) FROM reached), (SELECT count(*) FROM laid)
