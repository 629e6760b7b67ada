-- The latest version of every article, in the copy cluster that stands after all merges.
SELECT
    article.article_id, article.version, article.address, article.source, article.outlet, article.title, article.text,
    article.language, article.published_at, article.published_offset_minutes, article.published_precision,
    article.published_basis, article.seen_at, article.capture_sha256, article.text_sha256, article.extractor,
    article.outcome, article.detected_language, article.lexicon, article.rules_version,
    coalesce(alias.new_id, article.cluster_id) AS cluster_id,
    source.side
FROM core.article AS article
JOIN (SELECT article_id, max(version) AS version FROM core.article GROUP BY article_id) AS latest
    ON latest.article_id = article.article_id AND latest.version = article.version
LEFT JOIN core.cluster_alias AS alias ON alias.old_id = article.cluster_id
LEFT JOIN ops.source AS source ON source.slug = article.source
