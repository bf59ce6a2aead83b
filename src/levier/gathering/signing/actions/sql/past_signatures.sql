-- Under the lock: numbers in the order of the original dates, and everything written with a
-- signature. Whoever stands on the petition already is left alone.
WITH RECURSIVE met AS MATERIALIZED (
    SELECT laid.*, timestamptz 'epoch' + laid.position * interval '1 microsecond' AS signed_at,
        point.id AS point, point.person_id AS person, standing.source_code AS standing,
        row_number() OVER (PARTITION BY point.person_id ORDER BY laid.position, laid.row) AS turn
    FROM levier_importrow AS laid
    JOIN LATERAL (
        SELECT id, person_id FROM levier_contactpoint
        WHERE organisation_id = %(organisation)s AND channel = 'email'
            AND canonical = laid.canonical
        LIMIT 1
    ) AS point ON true
    LEFT JOIN LATERAL (
        SELECT source_code FROM levier_signature
        WHERE petition_id = %(petition)s AND person_id = point.person_id AND state <> 'withdrawn'
        LIMIT 1
    ) AS standing ON true
    WHERE laid.import = %(import)s AND laid.reason = '' /*range*/
), fresh AS MATERIALIZED (
    SELECT met.*, nextval('levier_signature_id_seq') AS id,
        (%(last_number)s + row_number() OVER (ORDER BY position, row))::int AS number,
        NOT EXISTS (
            SELECT FROM levier_suppression AS said
            WHERE said.organisation_id = %(organisation)s AND said.channel = 'email'
                AND said.canonical_hmac = met.refused AND said.scope = ''
        ) AS may_agree
    FROM met WHERE turn = 1 AND standing IS NULL
), signed AS (
    INSERT INTO levier_signature (
        id, petition_id, version_id, person_id, contact_point_id, number, state, first_name,
        last_name, postcode, country, show_name, source, source_code, signed_at, confirmed_at,
        reason, salt
    )
    SELECT id, %(petition)s, %(version)s, person, point, number, 'counted', first_name,
        last_name, postcode, country, show_name, 'import', %(source_code)s, signed_at,
        confirmed_at, '', salt
    FROM fresh ORDER BY number
), coded AS (
    INSERT INTO levier_referralcode (code, signature_id) SELECT code, id FROM fresh
), told AS (
    INSERT INTO levier_activity (organisation_id, person_id, kind, subject, data, at)
    SELECT %(organisation)s, person, 'signed', 'signature:' || id, %(told)s::jsonb, signed_at
    FROM fresh ORDER BY number
), spoken AS (
    -- Nobody has read these words yet, whatever the campaign wants of those that come one by one.
    INSERT INTO levier_comment
        (petition_id, person_id, shown_name, text, state, for_press, for_dossier, created_at)
    SELECT %(petition)s, person, words_as, words, 'waiting', for_press, for_dossier, signed_at
    FROM fresh WHERE words <> '' ORDER BY person
    ON CONFLICT (petition_id, person_id) DO NOTHING
), ticked AS MATERIALIZED (
    -- What was withdrawn here stays so, whatever the file says and whenever it was said (J3).
    SELECT fresh.person, wording.*, coalesce(fresh.at, fresh.signed_at) AS at,
        fresh.may_agree AND coalesce(state.given, true) AS stands
    FROM fresh CROSS JOIN unnest(fresh.agreed) AS box (field)
    JOIN json_to_recordset(%(wordings)s::json) AS wording (
        field text, channel text, purpose text, scope text, wording text
    ) USING (field)
    LEFT JOIN levier_consentstate AS state ON state.person_id = fresh.person
        AND (state.channel, state.purpose, state.scope)
            = (wording.channel, wording.purpose, wording.scope)
), agreed AS MATERIALIZED (
    SELECT * FROM ticked WHERE stands
), stated AS (
    INSERT INTO levier_consent (person_id, channel, purpose, scope, given, wording, source, at)
    SELECT person, channel, purpose, scope, true, wording, %(source_code)s, at FROM agreed
), current_consent AS (
    INSERT INTO levier_consentstate (person_id, channel, purpose, scope, given, at)
    SELECT person, channel, purpose, scope, true, max(at) FROM agreed
    GROUP BY person, channel, purpose, scope ORDER BY person, channel, purpose, scope
    ON CONFLICT (person_id, channel, purpose, scope) DO UPDATE SET given = true, at = excluded.at
    WHERE levier_consentstate.at <= excluded.at
), called AS (
    INSERT INTO levier_contactpoint
        (organisation_id, person_id, channel, typed, canonical, state, state_reason, created_at)
    SELECT %(organisation)s, person, 'phone', phone, phone_canonical, 'ok', '', %(started)s
    FROM fresh
    WHERE phone <> '' AND may_agree AND 'consent_phone' = ANY(agreed) AND NOT EXISTS (
        SELECT FROM levier_contactpoint AS own
        WHERE own.person_id = fresh.person AND own.channel = 'phone'
    )
    ORDER BY phone_canonical
    ON CONFLICT (organisation_id, channel, canonical) DO NOTHING
), leaf AS MATERIALIZED (
    SELECT number, leaf, sha256('\x00'::bytea || leaf) AS leaf_hash FROM (
        SELECT number, '\x0101'::bytea || uuid_send(%(petition_uuid)s) || int8send(number)
            || int8send(floor(position / 1000.0)::bigint) || committed AS leaf
        FROM fresh
    ) AS made
), link AS MATERIALIZED (
    SELECT leaf.*, head.size + row_number() OVER chain AS seq,
        levier_chain(head.chain_hash, leaf_hash) OVER chain AS chain_hash
    FROM leaf JOIN levier_treehead AS head ON head.scope = %(organisation)s
    WINDOW chain AS (ORDER BY number ROWS UNBOUNDED PRECEDING)
), entered AS (
    INSERT INTO levier_entry (scope, seq, kind, leaf, leaf_hash, chain_hash, at)
    SELECT %(organisation)s, seq, 1, leaf, leaf_hash, chain_hash, %(now)s FROM link ORDER BY seq
), headed AS (
    UPDATE levier_treehead AS head SET size = latest.seq, chain_hash = latest.chain_hash
    FROM (SELECT seq, chain_hash FROM link ORDER BY seq DESC LIMIT 1) AS latest
    WHERE head.scope = %(organisation)s
), counted AS MATERIALIZED (
    SELECT count(*) AS fresh, count(confirmed_at) AS confirmed,
        (SELECT count(DISTINCT person) FROM ticked WHERE NOT stands) AS not_agreed
    FROM fresh
), tallied AS (
    UPDATE levier_tally AS tally SET last_number = tally.last_number + counted.fresh,
        counted = tally.counted + counted.fresh, confirmed = tally.confirmed + counted.confirmed,
        updated_at = %(now)s
    FROM counted WHERE tally.petition_id = %(petition)s AND counted.fresh > 0
), milestoned AS (
    INSERT INTO levier_milestone (petition_id, threshold, reached_at)
    SELECT %(petition)s, step, %(now)s
    FROM counted, unnest(%(thresholds)s::int[]) AS step
    WHERE step > %(before)s AND step <= %(before)s + counted.fresh
    ON CONFLICT (petition_id, threshold) DO NOTHING
)
SELECT counted.fresh, counted.confirmed, counted.not_agreed,
    (SELECT count(*) FROM met WHERE turn > 1 OR standing = %(source_code)s),
    (SELECT count(*) FROM met WHERE turn = 1 AND standing <> %(source_code)s)
FROM counted
