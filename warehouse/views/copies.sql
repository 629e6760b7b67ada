SELECT
    link.article_id,
    article.address,
    article.source,
    link.origin_id,
    origin.address AS origin_address,
    origin.source AS origin_source,
    article.cluster_id,
    link.relation,
    link.containment5,
    link.jaccard3,
    link.shared_keys,
    link.decided_at
FROM core.copy_link AS link
JOIN core.current_article AS article ON article.article_id = link.article_id AND article.version = link.version
LEFT JOIN core.current_article AS origin ON origin.article_id = link.origin_id
