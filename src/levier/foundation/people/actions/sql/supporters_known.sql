-- Who is known stays as they are; what was empty is filled where that was asked, and what the file
-- proves or names is added. Everything added bears the moment of the import.
WITH met AS MATERIALIZED (
    SELECT laid.*, person.id AS person, person.created_at = %(started)s AS ours,
        row_number() OVER (PARTITION BY person.id ORDER BY laid.row) AS turn,
        CASE WHEN %(complete)s AND person.created_at <> %(started)s THEN
            jsonb_strip_nulls(jsonb_build_object(
                'first_name', CASE WHEN person.first_name = '' THEN nullif(laid.first_name, '') END,
                'last_name', CASE WHEN person.last_name = '' THEN nullif(laid.last_name, '') END,
                'honorific', CASE WHEN person.honorific = '' THEN nullif(laid.honorific, '') END,
                'language', CASE WHEN person.language = '' THEN nullif(laid.language, '') END,
                'postcode', CASE WHEN person.postcode = '' THEN nullif(laid.postcode, '') END,
                'country', CASE WHEN person.country = '' OR person.postcode = ''
                    THEN nullif(nullif(laid.country, ''), person.country) END
            )) ELSE '{}' END AS filled
    FROM levier_importrow AS laid JOIN LATERAL (
        SELECT person_id FROM levier_contactpoint
        WHERE organisation_id = %(organisation)s AND channel = laid.channel
            AND canonical = laid.canonical
        LIMIT 1
    ) AS point ON true
    JOIN levier_person AS person ON person.id = point.person_id
    WHERE laid.import = %(import)s AND laid.reason = '' AND laid.position = 0
        AND laid.row > %(row)s AND laid.row <= %(to_row)s
), completed AS (
    UPDATE levier_person AS person SET
        first_name = coalesce(filled->>'first_name', person.first_name),
        last_name = coalesce(filled->>'last_name', person.last_name),
        honorific = coalesce(filled->>'honorific', person.honorific),
        language = coalesce(filled->>'language', person.language),
        postcode = coalesce(filled->>'postcode', person.postcode),
        country = CASE WHEN person.country = '' THEN coalesce(filled->>'country', '')
            ELSE person.country END
    FROM met WHERE person.id = met.person AND turn = 1 AND filled <> '{}'
    RETURNING person.id
), called AS (
    INSERT INTO levier_contactpoint
        (organisation_id, person_id, channel, typed, canonical, state, state_reason, created_at)
    SELECT %(organisation)s, person, 'phone', phone, phone_canonical, 'ok', '', %(started)s
    FROM met WHERE turn = 1 AND phone <> '' AND %(complete)s AND NOT EXISTS (
        SELECT FROM levier_contactpoint AS own
        WHERE own.person_id = met.person AND own.channel = 'phone'
    )
    ORDER BY phone_canonical
    ON CONFLICT (organisation_id, channel, canonical) DO NOTHING
    RETURNING person_id
), tagged AS (
    INSERT INTO levier_persontag (person_id, tag_id, at)
    SELECT DISTINCT person, tag, %(started)s::timestamptz FROM (
        SELECT person, named.tag FROM met CROSS JOIN unnest(met.tags) AS name
        JOIN json_to_recordset(%(tags)s::json) AS named (name text, tag bigint) USING (name)
        UNION ALL
        SELECT person, tag FROM met CROSS JOIN unnest(%(for_all)s::bigint[]) AS tag
    ) AS put ORDER BY person, tag
    ON CONFLICT (person_id, tag_id) DO NOTHING
    RETURNING person_id
), agreed AS MATERIALIZED (
    SELECT DISTINCT ON (met.person, wording.channel, wording.purpose) met.person, wording.*,
        coalesce(met.at, %(said_at)s) AS at
    FROM met CROSS JOIN unnest(met.agreed) AS box (field)
    JOIN json_to_recordset(%(wordings)s::json) AS wording (
        field text, channel text, purpose text, wording text
    ) USING (field)
    WHERE NOT met.ours AND NOT EXISTS (
        -- What was withdrawn stays so, whatever a file says and whenever it was said (J3).
        SELECT FROM levier_consentstate AS state
        WHERE state.person_id = met.person AND NOT state.given
            AND (state.channel, state.purpose) = (wording.channel, wording.purpose)
    )
    ORDER BY met.person, wording.channel, wording.purpose, at DESC
), stated AS (
    INSERT INTO levier_consent (person_id, channel, purpose, given, wording, source, at)
    SELECT person, channel, purpose, true, wording, %(source)s, at FROM agreed
    RETURNING person_id
), current_consent AS (
    INSERT INTO levier_consentstate (person_id, channel, purpose, given, at)
    SELECT person, channel, purpose, true, at FROM agreed ORDER BY person, channel, purpose
    ON CONFLICT (person_id, channel, purpose, scope) DO UPDATE SET given = true, at = excluded.at
    WHERE levier_consentstate.at <= excluded.at
), changed AS MATERIALIZED (
    SELECT id FROM completed UNION SELECT person_id FROM called UNION SELECT person_id FROM tagged
    UNION SELECT person_id FROM stated
), told AS (
    INSERT INTO levier_activity (organisation_id, person_id, kind, subject, data, at)
    SELECT %(organisation)s, person, 'imported', %(source)s,
        jsonb_build_object('filled', filled), %(started)s
    FROM met WHERE turn = 1 AND (person IN (SELECT id FROM changed)) IS TRUE
)
SELECT count(*) FILTER (WHERE NOT ours AND turn = 1), (SELECT count(*) FROM changed) FROM met
