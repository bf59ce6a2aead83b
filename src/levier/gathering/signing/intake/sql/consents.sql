, agreed AS MATERIALIZED (
    SELECT person, signature, channel, purpose, scope, wording
    FROM placed JOIN json_to_recordset(%(agreed)s::json) AS r (
        o int, channel text, purpose text, scope text, wording text
    ) USING (o)
    WHERE fresh AND held <> 'honeypot'
), stated AS (
    INSERT INTO levier_consent (person_id, channel, purpose, scope, given, wording, source, at)
    SELECT person, channel, purpose, scope, true, wording, 'signature:' || signature, %(now)s
    FROM agreed
), current_consent AS (
    INSERT INTO levier_consentstate (person_id, channel, purpose, scope, given, at)
    SELECT person, channel, purpose, scope, true, %(now)s
    FROM (SELECT DISTINCT person, channel, purpose, scope FROM agreed) AS once
    ORDER BY person, channel, purpose, scope
    ON CONFLICT (person_id, channel, purpose, scope) DO UPDATE SET given = true, at = excluded.at
    WHERE levier_consentstate.at <= excluded.at
)
