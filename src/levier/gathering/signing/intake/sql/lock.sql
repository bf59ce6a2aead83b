-- One signature after another on a petition, one entry after another in a log. Always in this
-- order: tallies by petition, then heads by organisation. What follows sees all that is committed.
WITH tallies AS MATERIALIZED (
    SELECT petition_id FROM levier_tally WHERE petition_id = ANY(%(petitions)s::bigint[])
    ORDER BY petition_id FOR UPDATE
), ordered AS MATERIALIZED (
    SELECT count(*) AS locked FROM tallies
)
SELECT scope FROM levier_treehead
WHERE scope = ANY(%(organisations)s::bigint[]) AND (SELECT locked FROM ordered) >= 0
ORDER BY scope FOR UPDATE
