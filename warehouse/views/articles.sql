SELECT
    article.article_id,
    article.version,
    article.address,
    article.source,
    article.side,
    article.outlet,
    article.title,
    article.text,
    coalesce(article.detected_language, article.language) AS language,
    article.published_at,
    -- The day in the outlet's own offset, whatever the zone of the session is.
    CAST((article.published_at AT TIME ZONE 'UTC') + to_minutes(article.published_offset_minutes) AS DATE)
        AS published_on,
    article.published_offset_minutes,
    article.published_precision,
    article.published_basis,
    article.seen_at,
    article.outcome,
    article.cluster_id,
    article.outcome = 'copy' OR EXISTS (
        FROM core.copy_link AS link
        WHERE link.article_id = article.article_id AND link.version = article.version
    ) AS is_copy,
    coalesce(claimed.contacts, 0) AS contact_count,
    article.lexicon,
    article.extractor,
    article.rules_version,
    article.capture_sha256,
    article.text_sha256
FROM core.current_article AS article
LEFT JOIN (SELECT article_id, count(*) AS contacts FROM core.current_contact GROUP BY article_id) AS claimed
    ON claimed.article_id = article.article_id
