SELECT
    held.event_id,
    held.contact_id,
    held.article_id,
    held.held_at,
    held.hold,
    CASE held.hold
        WHEN 'recap' THEN 'the article only looks back on it or mentions it in passing'
        WHEN 'stale' THEN 'its day lies too long before the article that tells it'
        WHEN 'first_pass' THEN 'it was published before the source was first watched'
        WHEN 'already_told' THEN 'users were told of the event before, and this adds nothing to tell'
        WHEN 'status_off' THEN 'no alerts are asked for this status'
        WHEN 'copy' THEN 'the article is a copy; its origin has told it'
        WHEN 'muted' THEN 'an analyst asked for silence about the event'
        WHEN 'rejected' THEN 'an analyst rejected the event or the contact'
        WHEN 'undated' THEN 'neither the article nor its words say when it was'
        ELSE held.hold
    END AS reason,
    held.detail,
    article.address,
    article.source,
    event.kind,
    event.status,
    event.date_from,
    event.date_to
FROM core.suppressed AS held
LEFT JOIN core.current_article AS article ON article.article_id = held.article_id
LEFT JOIN core.event AS event ON event.event_id = held.event_id
