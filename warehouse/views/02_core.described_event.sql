-- CAMEO and PLOVER have no record of a contact as such; docs/sql.md says how status and kind are mapped, and why.
SELECT
    event.event_id,
    event.pair,
    event.kind,
    event.status,
    event.date_from,
    event.date_to,
    event.date_precision,
    event.date_basis,
    event.place,
    event.with_others,
    event.initiator,
    event.duration_minutes,
    event.topics,
    event.first_reported_at,
    event.first_source,
    event.reported_as,
    coalesce(told.articles, 0) AS article_count,
    coalesce(told.independent, 0) AS independent_count,
    event.confidence,
    event.alerted_status,
    event.contradicted,
    event.muted_until,
    before.event_id AS previous_event_id,
    date_diff('day', before.date_from, event.date_from) AS days_since_previous,
    CASE event.status
        WHEN 'occurred' THEN CASE WHEN event.kind IN ('phone_call', 'video_call') THEN '041' ELSE '040' END
        WHEN 'planned' THEN '036'
        WHEN 'proposed' THEN '036'
        ELSE '125'
    END AS cameo_code,
    CASE event.status
        WHEN 'occurred' THEN 'CONSULT'
        WHEN 'planned' THEN 'AGREE'
        WHEN 'proposed' THEN 'REQUEST'
        ELSE 'REJECT'
    END AS plover_type,
    CASE
        WHEN event.status <> 'occurred' THEN 'meet'
        WHEN event.kind IN ('phone_call', 'video_call') THEN 'phone'
        WHEN event.kind = 'meeting' AND len(event.with_others) > 0 THEN 'multilateral'
    END AS plover_mode,
    event.created_at,
    event.changed_at,
    make_time(event.time_minute // 60, event.time_minute % 60, 0) AS time_of_day,
    event.time_zone,
    event.started_at,
    event.standing,
    event.merged_into
FROM core.event AS event
-- The contact before it: what "the first since" is about. Only what took place and is known to the day counts.
ASOF LEFT JOIN (
    SELECT pair, event_id, date_from FROM core.event
    WHERE status = 'occurred' AND standing = 'stands' AND date_precision = 'day'
) AS before ON before.pair = event.pair AND before.date_from < event.date_from
LEFT JOIN (
    SELECT
        event_id,
        count(DISTINCT article_id) AS articles,
        count(DISTINCT cluster_id) AS independent
    FROM core.current_contact
    GROUP BY event_id
) AS told ON told.event_id = event.event_id
