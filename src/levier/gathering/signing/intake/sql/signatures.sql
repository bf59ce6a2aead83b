-- Under the lock: who had already signed, the numbers, and everything written with a signature.
-- From step to step only ids and flags are carried; what was typed joins again where it is written.
WITH RECURSIVE input AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS r (
        o int, twin int, petition bigint, organisation bigint, email text, typed text,
        first_name text, last_name text, postcode text, country text, show_name boolean,
        source text, code text, ref text, salt bytea, committed bytea, network bytea,
        held text, extra jsonb, source_code text
    )
), place AS MATERIALIZED (
    -- A petition closed meanwhile fails the whole batch, on purpose: nothing of it is written,
    -- and the rows of the other petitions are sent again (see errors.CLOSED_MEANWHILE).
    SELECT petition.id AS petition, petition.version_id AS version, petition.fixed_goal,
        uuid_send(petition.uuid) AS petition_uuid, campaign.organisation_id AS organisation,
        coalesce(petition.count_policy, campaign.count_policy) = 'at_once' AS at_once,
        tally.last_number, tally.counted + tally.paper AS total,
        1 / (
            petition.state = 'open'
            AND (petition.closes_at IS NULL OR petition.closes_at > %(now)s)
        )::int AS signable
    FROM levier_petition AS petition
    JOIN levier_campaign AS campaign ON campaign.id = petition.campaign_id
    JOIN levier_tally AS tally ON tally.petition_id = petition.id
    WHERE petition.id = ANY(%(petitions)s::bigint[])
), known AS MATERIALIZED (
    -- LEFT JOIN, so that the planner expects every row and joins by hash further down.
    SELECT input.o, input.twin, coalesce(input.held, '') AS held,
        place.petition, place.organisation, place.at_once, place.last_number,
        point.id AS point, point.person_id AS person, standing.id AS standing,
        CASE WHEN standing.signed_at > %(now)s - /*same_gesture*/
            AND point.typed = coalesce(input.typed, input.email)
            AND standing.first_name = input.first_name AND standing.last_name = input.last_name
        THEN coalesce(standing.number, -1) END AS same_number,
        place.at_once AND input.held IS NULL AS counts
    FROM input
    LEFT JOIN place ON place.petition = input.petition AND place.signable = 1
    JOIN LATERAL (
        SELECT id, person_id, typed FROM levier_contactpoint
        WHERE organisation_id = input.organisation AND channel = 'email' AND canonical = input.email
        LIMIT 1
    ) AS point ON true
    LEFT JOIN LATERAL (
        SELECT id, number, signed_at, first_name, last_name FROM levier_signature
        WHERE petition_id = input.petition AND person_id = point.person_id AND state <> 'withdrawn'
        LIMIT 1
    ) AS standing ON true
), given AS MATERIALIZED (
    -- A row whose address came earlier in the batch is its twin's: only the first is written. (Two
    -- addresses of one person in one batch break the constraint, and are written apart.)
    SELECT known.*, standing IS NULL AND twin IS NULL AS fresh,
        last_number + count(*) FILTER (WHERE standing IS NULL AND twin IS NULL AND counts)
            OVER (PARTITION BY petition ORDER BY o) AS reached,
        CASE WHEN standing IS NULL AND twin IS NULL
            THEN nextval('levier_signature_id_seq') ELSE standing END AS own
    FROM known
    WHERE petition IS NOT NULL
), placed AS MATERIALIZED (
    SELECT o, petition, organisation, person, point, held, at_once, fresh, reached,
        CASE WHEN fresh AND counts THEN reached::int END AS number,
        coalesce(own, (SELECT own FROM given AS first WHERE first.o = given.twin)) AS signature,
        CASE WHEN own IS NOT NULL THEN same_number ELSE (
            SELECT coalesce(CASE WHEN counts THEN reached::int END, -1)
            FROM given AS first WHERE first.o = given.twin
        ) END AS same
    FROM given
), signed AS (
    INSERT INTO levier_signature (
        id, petition_id, version_id, person_id, contact_point_id, number, state, first_name,
        last_name, postcode, country, show_name, source, source_code, referred_by_id, signed_at,
        reason, extra, network_key, salt
    )
    SELECT signature, placed.petition, version, person, point, number, CASE
            WHEN placed.held <> '' THEN 'held' WHEN placed.at_once THEN 'counted' ELSE 'pending'
        END,
        first_name, last_name, postcode, country, coalesce(show_name, false),
        coalesce(source, 'web'), coalesce(source_code, ''),
        (
            -- By its id, never by its petition (+ 0), even planned when the table was empty.
            SELECT brought.id FROM levier_signature AS brought
            WHERE brought.petition_id + 0 = placed.petition AND brought.id = (
                SELECT signature_id FROM levier_referralcode WHERE code = input.ref
            )
        ),
        %(now)s, placed.held, extra, network, salt
    FROM placed JOIN input USING (o) JOIN place ON place.petition = placed.petition
    WHERE fresh
), coded AS (
    INSERT INTO levier_referralcode (code, signature_id)
    SELECT code, signature FROM placed JOIN input USING (o)
), told AS (
    INSERT INTO levier_activity (organisation_id, person_id, kind, subject, at)
    SELECT organisation, person,
        CASE WHEN NOT fresh THEN 'signed_again' WHEN held <> '' THEN 'held' ELSE 'signed' END,
        'signature:' || signature, %(now)s
    FROM placed WHERE fresh OR (same IS NULL AND held <> 'honeypot')
), leaf AS MATERIALIZED (
    SELECT organisation, o, leaf, sha256('\x00'::bytea || leaf) AS leaf_hash
    FROM (
        SELECT placed.organisation, o, '\x0101'::bytea || petition_uuid || int8send(number)
            || int8send(%(milliseconds)s::bigint) || committed AS leaf
        FROM placed JOIN input USING (o) JOIN place ON place.petition = placed.petition
        WHERE number IS NOT NULL
    ) AS made
), link AS MATERIALIZED (
    SELECT leaf.*, head.size + row_number() OVER chain AS seq,
        levier_chain(head.chain_hash, leaf_hash) OVER chain AS chain_hash
    FROM leaf JOIN levier_treehead AS head ON head.scope = leaf.organisation
    WINDOW chain AS (PARTITION BY organisation ORDER BY o ROWS UNBOUNDED PRECEDING)
), entered AS (
    INSERT INTO levier_entry (scope, seq, kind, leaf, leaf_hash, chain_hash, at)
    SELECT organisation, seq, 1, leaf, leaf_hash, chain_hash, %(now)s FROM link
), headed AS (
    UPDATE levier_treehead AS head SET size = latest.seq, chain_hash = latest.chain_hash
    FROM (
        SELECT DISTINCT ON (organisation) organisation, seq, chain_hash
        FROM link ORDER BY organisation, seq DESC
    ) AS latest
    WHERE head.scope = latest.organisation AND head.scope = ANY(%(organisations)s::bigint[])
), moved AS MATERIALIZED (
    SELECT petition, count(*) FILTER (WHERE number IS NOT NULL) AS counted,
        count(*) FILTER (WHERE fresh AND held <> '') AS held
    FROM placed GROUP BY petition
), tallied AS (
    UPDATE levier_tally AS tally SET last_number = last_number + moved.counted,
        counted = tally.counted + moved.counted, held = tally.held + moved.held,
        updated_at = %(now)s
    FROM moved
    WHERE tally.petition_id = moved.petition AND tally.petition_id = ANY(%(petitions)s::bigint[])
        AND moved.counted + moved.held > 0
), milestoned AS (
    INSERT INTO levier_milestone (petition_id, threshold, reached_at)
    SELECT place.petition, step, %(now)s
    FROM moved JOIN place USING (petition), unnest(/*thresholds*/ || fixed_goal) AS step
    WHERE step > total AND step <= total + moved.counted
    ON CONFLICT (petition_id, threshold) DO NOTHING
)/*more*/
SELECT o, CASE WHEN at_once THEN coalesce(nullif(same, -1), number, reached + 1) END AS shown
FROM placed
