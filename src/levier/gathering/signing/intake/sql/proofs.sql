-- Proofs of work are spent once: what is told back had not been spent before.
INSERT INTO levier_guard (key, "window", n)
SELECT DISTINCT key, "window", 1
FROM json_to_recordset(%(proofs)s::json) AS r (key bytea, "window" timestamptz)
ON CONFLICT (key, "window") DO NOTHING
RETURNING key
