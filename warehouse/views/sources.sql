SELECT
    source.slug,
    source.name,
    source.kind,
    source.address,
    source.side,
    source.language,
    listed.last_listed_at,
    listed.last_success_at,
    coalesce(listed.consecutive_failures, 0) AS consecutive_failures,
    listed.last_error,
    coalesce(stored.articles, 0) AS articles,
    stored.newest_article_at,
    health.state,
    health.since AS state_since,
    coalesce(health.detail, '') AS state_detail,
    CASE WHEN listed.last_success_at IS NULL THEN 'unverified live' ELSE 'verified' END AS live,
    source.country,
    source.tier,
    source.state_affiliated,
    health.last_new_at,
    health.new_per_day,
    health.without_text AS share_without_text,
    health.without_date AS share_without_date
FROM ops.source AS source
LEFT JOIN (
    SELECT
        listing.source,
        max(listing.listed_at) AS last_listed_at,
        any_value(success.at_last) AS last_success_at,
        count(*) FILTER (
            WHERE listing.error IS NOT NULL AND (success.at_last IS NULL OR listing.listed_at > success.at_last)
        ) AS consecutive_failures,
        arg_max(listing.error, listing.listed_at) FILTER (WHERE listing.error IS NOT NULL) AS last_error
    FROM ops.listing AS listing
    LEFT JOIN (
        SELECT source, max(listed_at) AS at_last FROM ops.listing WHERE error IS NULL GROUP BY source
    ) AS success ON success.source = listing.source
    GROUP BY listing.source
) AS listed ON listed.source = source.slug
LEFT JOIN ops.health AS health ON health.source = source.slug
LEFT JOIN (
    SELECT source, count(DISTINCT article_id) AS articles, max(published_at) AS newest_article_at
    FROM core.article
    GROUP BY source
) AS stored ON stored.source = source.slug
