-- Count a whole workspace by facet, exactly: %(workspace_id)s, %(now)s, %(bands)s (follower band edges, ascending).

DELETE FROM catalogue_cardfacet WHERE workspace_id = %(workspace_id)s;

INSERT INTO catalogue_cardfacet (workspace_id, facet, value, cards, counted_at)
SELECT %(workspace_id)s, facet, value, sum(n), %(now)s
FROM (
    SELECT 'total' AS facet, NULL AS value, count(*) AS n
    FROM catalogue_card WHERE workspace_id = %(workspace_id)s
    UNION ALL SELECT 'network', network, count(*)
    FROM catalogue_card WHERE workspace_id = %(workspace_id)s GROUP BY network
    UNION ALL SELECT 'country', country, count(*)
    FROM catalogue_card WHERE workspace_id = %(workspace_id)s GROUP BY country
    UNION ALL SELECT 'followers', width_bucket(followers, %(bands)s::bigint[])::text, count(*)
    FROM catalogue_card WHERE workspace_id = %(workspace_id)s GROUP BY 2
    UNION ALL SELECT 'language', v, count(*)
    FROM catalogue_card, unnest(languages) v WHERE workspace_id = %(workspace_id)s GROUP BY v
    UNION ALL SELECT 'theme', v, count(*)
    FROM catalogue_card, unnest(themes) v WHERE workspace_id = %(workspace_id)s GROUP BY v
    UNION ALL SELECT 'format', v, count(*)
    FROM catalogue_card, unnest(formats) v WHERE workspace_id = %(workspace_id)s GROUP BY v
    UNION ALL SELECT 'brand', v, count(*)
    FROM catalogue_card, unnest(brands) v WHERE workspace_id = %(workspace_id)s GROUP BY v
) counted
GROUP BY facet, value;
