, joined AS (
    -- The list of a partner, apart from ours: only what this very signature agreed to.
    INSERT INTO levier_partneragreement (partner_id, signature_id, wording, at)
    SELECT partner, signature, wording, %(now)s
    FROM placed JOIN json_to_recordset(%(partners)s::json) AS r (
        o int, partner bigint, wording text
    ) USING (o)
    WHERE fresh AND held <> 'honeypot'
)
