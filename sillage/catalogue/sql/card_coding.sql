-- Bring catalogue_cardcode up to date with catalogue_card for %(account_ids)s with %(bits)s (engine/sketch.py),
-- both made by queries.coding_of. Runs in the transaction that wrote the cards.

-- One transaction at a time gives out codes; nobody waits when there is nothing new.
SELECT pg_advisory_xact_lock(7203544, 1)
WHERE EXISTS (
    (SELECT v.kind, v.value FROM catalogue_card c, LATERAL (
        SELECT 'network', c.network UNION ALL SELECT 'country', c.country
        UNION ALL SELECT 'language', unnest(c.languages) UNION ALL SELECT 'theme', unnest(c.themes)
        UNION ALL SELECT 'format', unnest(c.formats) UNION ALL SELECT 'brand', unnest(c.brands)
    ) v (kind, value)
    WHERE c.account_id = ANY(%(account_ids)s) AND v.value IS NOT NULL)
    EXCEPT SELECT kind, value FROM catalogue_code
);

INSERT INTO catalogue_code (kind, value, code)
SELECT kind, value, CASE WHEN place < room THEN place END
FROM (
    SELECT v.kind, v.value,
        coalesce((SELECT max(k.code) FROM catalogue_code k WHERE k.kind = v.kind), -1)
            + row_number() OVER (PARTITION BY v.kind ORDER BY count(*) DESC, v.value) AS place,
        CASE v.kind WHEN 'theme' THEN 126 WHEN 'language' THEN 63 WHEN 'format' THEN 15 WHEN 'brand' THEN 0
            ELSE 32767 END AS room
    FROM catalogue_card c, LATERAL (
        SELECT 'network', c.network UNION ALL SELECT 'country', c.country
        UNION ALL SELECT 'language', unnest(c.languages) UNION ALL SELECT 'theme', unnest(c.themes)
        UNION ALL SELECT 'format', unnest(c.formats) UNION ALL SELECT 'brand', unnest(c.brands)
    ) v (kind, value)
    WHERE c.account_id = ANY(%(account_ids)s) AND v.value IS NOT NULL
      AND NOT EXISTS (SELECT FROM catalogue_code k WHERE k.kind = v.kind AND k.value = v.value)
    GROUP BY v.kind, v.value
) new
ORDER BY kind, place;

INSERT INTO catalogue_cardcode (
    workspace_id, network, formats, account_id, languages, themes_low, themes_high, others_hint, has_warnings,
    has_authenticated, country, last_post_on, followers, engagement_percentile, sponsored_share, value_ids, bits
)
SELECT c.workspace_id, network.code, coalesce(m.formats, 0), c.account_id, coalesce(m.languages, 0),
    coalesce(m.themes_low, 0), coalesce(m.themes_high, 0), coalesce(m.others_hint, 0), c.warnings <> '{}',
    c.has_authenticated, country.code, c.last_post_on, c.followers, c.engagement_percentile, c.sponsored_share,
    array_remove(m.value_ids || network.id || country.id, NULL), s.bits::bit varying
FROM catalogue_card c
JOIN unnest(%(account_ids)s::bigint[], %(bits)s::text[]) s (account_id, bits) ON s.account_id = c.account_id
JOIN catalogue_code network ON network.kind = 'network' AND network.value = c.network
LEFT JOIN catalogue_code country ON country.kind = 'country' AND country.value = c.country
LEFT JOIN (
    SELECT v.account_id,
        (bit_or(1 << k.code) FILTER (WHERE k.kind = 'format'))::smallint AS formats,
        bit_or(1::bigint << k.code) FILTER (WHERE k.kind = 'language') AS languages,
        bit_or(1::bigint << k.code) FILTER (WHERE k.kind = 'theme' AND k.code < 63) AS themes_low,
        bit_or(1::bigint << (k.code - 63)) FILTER (WHERE k.kind = 'theme' AND k.code >= 63) AS themes_high,
        bit_or(1::bigint << (k.id %% 63)) FILTER (WHERE k.code IS NULL) AS others_hint,
        array_agg(k.id) FILTER (WHERE k.kind <> 'format') AS value_ids
    FROM (
        SELECT account_id, 'language' AS kind, unnest(languages) AS value
        FROM catalogue_card WHERE account_id = ANY(%(account_ids)s)
        UNION ALL SELECT account_id, 'theme', unnest(themes)
        FROM catalogue_card WHERE account_id = ANY(%(account_ids)s)
        UNION ALL SELECT account_id, 'format', unnest(formats)
        FROM catalogue_card WHERE account_id = ANY(%(account_ids)s)
        UNION ALL SELECT account_id, 'brand', unnest(brands)
        FROM catalogue_card WHERE account_id = ANY(%(account_ids)s)
    ) v
    JOIN catalogue_code k ON k.kind = v.kind AND k.value = v.value
    GROUP BY v.account_id
) m ON m.account_id = c.account_id
ON CONFLICT (account_id) DO UPDATE SET
    workspace_id = excluded.workspace_id, network = excluded.network, formats = excluded.formats,
    languages = excluded.languages, themes_low = excluded.themes_low, themes_high = excluded.themes_high,
    others_hint = excluded.others_hint, has_warnings = excluded.has_warnings,
    has_authenticated = excluded.has_authenticated, country = excluded.country,
    last_post_on = excluded.last_post_on, followers = excluded.followers,
    engagement_percentile = excluded.engagement_percentile, sponsored_share = excluded.sponsored_share,
    value_ids = excluded.value_ids, bits = excluded.bits;
