-- Who is not known yet. The address first, so that whoever else writes it meanwhile wins.
WITH laid AS MATERIALIZED (
    SELECT laid.*, row_number() OVER (PARTITION BY channel, canonical ORDER BY row) AS turn
    FROM levier_importrow AS laid LEFT JOIN LATERAL (
        SELECT id FROM levier_contactpoint
        WHERE organisation_id = %(organisation)s AND channel = laid.channel
            AND canonical = laid.canonical
        LIMIT 1
    ) AS known ON true
    WHERE import = %(import)s AND reason = '' AND position = 0
        AND row > %(row)s AND row <= %(to_row)s AND known.id IS NULL
), unknown AS MATERIALIZED (
    SELECT laid.*, nextval('levier_person_id_seq') AS person FROM laid WHERE turn = 1
), reached AS (
    INSERT INTO levier_contactpoint
        (organisation_id, person_id, channel, typed, canonical, state, state_reason, created_at)
    SELECT %(organisation)s, person, channel, typed, canonical, 'ok', '', %(started)s
    FROM unknown ORDER BY channel, canonical
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
SELECT (SELECT count(*) FROM reached), count(*) FILTER (WHERE turn > 1) FROM laid
