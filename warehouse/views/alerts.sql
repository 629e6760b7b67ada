SELECT
    alert.alert_id,
    alert.event_id,
    alert.reason,
    alert.created_at,
    alert.headline,
    alert.body,
    alert.address,
    article.source,
    article.outlet,
    alert.contact_id,
    alert.article_id,
    alert.run_id,
    coalesce(owed.sent, 0) AS channels_sent,
    coalesce(owed.pending, 0) AS channels_pending,
    coalesce(owed.dead, 0) AS channels_dead,
    article.published_at,
    article.seen_at,
    owed.delivered_at,
    alert.payload,
    alert.sequence
FROM core.alert AS alert
LEFT JOIN core.current_article AS article ON article.article_id = alert.article_id
LEFT JOIN (
    SELECT
        alert_id,
        count(*) FILTER (WHERE state = 'sent') AS sent,
        count(*) FILTER (WHERE state = 'pending') AS pending,
        count(*) FILTER (WHERE state = 'dead') AS dead,
        min(sent_at) AS delivered_at
    FROM ops.delivery
    GROUP BY alert_id
) AS owed ON owed.alert_id = alert.alert_id
WHERE alert.reason <> 'source'
