, called AS (
    -- Only for who has no number yet: a public form adds nothing to what is known (P21).
    INSERT INTO levier_contactpoint
        (organisation_id, person_id, channel, typed, canonical, state, state_reason, created_at)
    SELECT organisation, person, 'phone', r.typed, r.canonical, 'ok', '', %(now)s
    FROM placed JOIN json_to_recordset(%(phones)s::json) AS r (
        o int, typed text, canonical text
    ) USING (o)
    WHERE fresh AND held <> 'honeypot' AND NOT EXISTS (
        SELECT FROM levier_contactpoint AS known
        WHERE known.person_id = placed.person AND known.channel = 'phone'
    )
    ORDER BY organisation, r.canonical
    ON CONFLICT (organisation_id, channel, canonical) DO NOTHING
)
