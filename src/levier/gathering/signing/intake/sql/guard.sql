-- How many submissions each network made in this window, this batch included.
INSERT INTO levier_guard (key, "window", n)
SELECT key, %(window)s, count(*)
FROM json_to_recordset(%(networks)s::json) AS r (key bytea)
GROUP BY key ORDER BY key
ON CONFLICT (key, "window") DO UPDATE SET n = levier_guard.n + excluded.n
RETURNING key, n
