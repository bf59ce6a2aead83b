, commented AS (
    -- Read first, unless the campaign reads after and the signature counts already.
    INSERT INTO levier_comment
        (petition_id, person_id, shown_name, text, state, for_press, for_dossier, created_at)
    SELECT petition, person, shown_name, text,
        CASE WHEN publish AND number IS NOT NULL THEN 'published' ELSE 'waiting' END,
        false, false, %(now)s
    FROM placed JOIN json_to_recordset(%(comments)s::json) AS r (
        o int, shown_name text, text text, publish boolean
    ) USING (o)
    WHERE fresh
    ON CONFLICT (petition_id, person_id) DO NOTHING
)
