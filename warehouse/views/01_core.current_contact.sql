-- What the latest version of every article claims, with the event it was resolved to.
SELECT
    contact.contact_id, link.event_id, contact.article_id, contact.version, contact.position, article.address,
    article.source, article.side, article.outlet, article.title, article.published_at, article.seen_at,
    article.cluster_id, contact.pair, contact.kind, contact.status, contact.role, contact.date_from, contact.date_to,
    contact.date_precision, contact.date_basis, contact.date_words, contact.place, contact.with_others,
    contact.initiator, contact.time_minute, contact.time_zone, contact.started_at, contact.duration_minutes, contact.topics, contact.evidence_field, contact.evidence_start,
    contact.evidence_end, contact.evidence_quote, contact.rule, contact.cues, contact.confidence, contact.lexicon,
    contact.rules_version, link.score AS join_score, link.why AS join_why
FROM core.contact AS contact
JOIN core.current_article AS article
    ON article.article_id = contact.article_id AND article.version = contact.version
LEFT JOIN core.event_contact AS link ON link.contact_id = contact.contact_id
ANTI JOIN (SELECT contact_id FROM core.pin WHERE NOT kept) AS dropped ON dropped.contact_id = contact.contact_id
WHERE contact.superseded_at IS NULL
