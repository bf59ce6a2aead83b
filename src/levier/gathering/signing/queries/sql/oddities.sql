WITH recent AS MATERIALIZED (
    -- By the index of the latest signatures of each petition: never more than a day, nor than most.
    SELECT petition.id AS petition, signature.*,
        split_part(point.canonical, '@', 1) AS local, split_part(point.canonical, '@', 2) AS domain,
        date_trunc('hour', signature.signed_at AT TIME ZONE %(zone)s) AS hour,
        CASE
            WHEN signature.country <> 'FR' THEN signature.country
            WHEN signature.postcode ~ '^9[78][0-9]{3}$' THEN 'FR-' || left(signature.postcode, 3)
            WHEN signature.postcode ~ '^[0-9]{5}$' THEN 'FR-' || left(signature.postcode, 2)
        END AS place
    FROM levier_petition AS petition
    CROSS JOIN LATERAL (
        SELECT id, contact_point_id, signed_at, first_name, last_name, country, postcode, network_key
        FROM levier_signature
        WHERE petition_id = petition.id AND signed_at > %(since)s
          AND state IN ('counted', 'pending', 'held') AND source <> 'import'
        ORDER BY signed_at DESC LIMIT %(most)s
    ) AS signature
    LEFT JOIN levier_contactpoint AS point ON point.id = signature.contact_point_id
    WHERE petition.state = 'open'
), totals AS MATERIALIZED (
    SELECT petition, count(*)::int AS among FROM recent GROUP BY petition
), earlier AS MATERIALIZED (
    SELECT totals.petition, split_part(point.canonical, '@', 2) AS domain,
        CASE
            WHEN signature.country <> 'FR' THEN signature.country
            WHEN signature.postcode ~ '^9[78][0-9]{3}$' THEN 'FR-' || left(signature.postcode, 3)
            WHEN signature.postcode ~ '^[0-9]{5}$' THEN 'FR-' || left(signature.postcode, 2)
        END AS place
    FROM totals
    CROSS JOIN LATERAL (
        SELECT country, postcode, contact_point_id FROM levier_signature
        WHERE petition_id = totals.petition AND signed_at <= %(since)s AND state = 'counted'
        ORDER BY signed_at DESC LIMIT %(before)s
    ) AS signature
    LEFT JOIN levier_contactpoint AS point ON point.id = signature.contact_point_id
), usual AS MATERIALIZED (
    SELECT petition, place, count(*)::float / sum(count(*)) OVER whole AS share,
        sum(count(*)) OVER whole AS known
    FROM earlier GROUP BY petition, place
    WINDOW whole AS (PARTITION BY petition)
), usual_domain AS MATERIALIZED (
    SELECT petition, domain, count(*)::float / sum(count(*)) OVER whole AS share
    FROM earlier GROUP BY petition, domain
    WINDOW whole AS (PARTITION BY petition)
), found AS (
    -- A domain that this petition has not known before, or thrice as much as it did.
    SELECT recent.petition, 'domain' AS kind, recent.domain AS subject, count(*) AS n,
        NULL::float AS usual, min(signed_at) AS first_at, max(signed_at) AS last_at
    FROM recent
    JOIN totals USING (petition)
    LEFT JOIN usual_domain
        ON usual_domain.petition = recent.petition AND usual_domain.domain = recent.domain
    WHERE recent.domain <> '' AND recent.domain <> ALL(%(familiar)s)
      AND recent.domain <> ALL(%(disposable)s)
    GROUP BY recent.petition, recent.domain, totals.among
    HAVING count(*) >= %(domain)s
       AND count(*)::float / totals.among >= 3 * coalesce(min(usual_domain.share), 0)
  UNION ALL
    SELECT petition, 'disposable', domain, count(*), NULL, min(signed_at), max(signed_at)
    FROM recent WHERE domain = ANY(%(disposable)s)
    GROUP BY petition, domain HAVING count(*) >= %(disposables)s
  UNION ALL
    SELECT petition, 'sequence', regexp_replace(local, '[0-9]+', '#', 'g') || '@' || domain,
        count(DISTINCT local), NULL, min(signed_at), max(signed_at)
    FROM recent WHERE local ~ '[0-9]'
    GROUP BY petition, 3
    HAVING count(DISTINCT local) >= CASE
        WHEN regexp_replace(min(local), '[0-9]+', '#', 'g') ~ '[[:alpha:]]' THEN %(sequence)s
        ELSE %(bare_sequence)s
    END
  UNION ALL
    SELECT petition, 'name', min(first_name || ' ' || last_name), count(DISTINCT contact_point_id),
        NULL, min(signed_at), max(signed_at)
    FROM recent WHERE first_name <> '' AND last_name <> ''
    GROUP BY petition, lower(first_name), lower(last_name)
    HAVING count(DISTINCT contact_point_id) >= %(name)s
  UNION ALL
    SELECT petition, 'network', encode(network_key, 'hex'), count(*), NULL, min(signed_at),
        max(signed_at)
    FROM recent WHERE network_key IS NOT NULL
    GROUP BY petition, network_key HAVING count(*) >= %(network)s
  UNION ALL
    SELECT recent.petition, 'place', recent.place, count(*), coalesce(min(usual.share), 0),
        min(signed_at), max(signed_at)
    FROM recent
    JOIN totals USING (petition)
    JOIN (SELECT petition, max(known) AS known FROM usual GROUP BY petition) AS looked
        ON looked.petition = recent.petition AND looked.known >= %(known)s
    LEFT JOIN usual ON usual.petition = recent.petition AND usual.place = recent.place
    WHERE recent.place IS NOT NULL
    GROUP BY recent.petition, recent.place, totals.among
    -- A fifth of the day at least, and thrice its usual share.
    HAVING count(*) >= %(place)s AND count(*) * 5 >= totals.among
       AND count(*)::float / totals.among >= 3 * coalesce(min(usual.share), 0)
  UNION ALL
    SELECT recent.petition, 'night', to_char(hour, 'YYYY-MM-DD"T"HH24'), count(*), NULL,
        min(signed_at), max(signed_at)
    FROM recent JOIN totals USING (petition)
    WHERE extract(hour FROM hour) >= %(dusk)s AND extract(hour FROM hour) < %(dawn)s
    GROUP BY recent.petition, hour, totals.among
    -- Five times what an hour of that day brought, on average.
    HAVING count(*) >= %(night)s AND count(*) * 24 >= 5 * totals.among
)
SELECT petition, kind, subject, n::int, totals.among, usual, first_at, last_at
FROM found JOIN totals USING (petition)
WHERE length(subject) <= 200
ORDER BY petition, n DESC, kind, subject
