-- Only events known to the day count: an event known to the month would say "last contact" of a day nobody named.
SELECT
    clock.pair,
    clock.kind,
    max(event.date_from) AS last_day,
    arg_max(event.event_id, (event.date_from, event.event_id)) AS event_id,
    date_diff('day', max(event.date_from), clock.as_of) AS days_since,
    clock.as_of,
    count(event.event_id) AS confirmed_events
FROM (
    SELECT pairs.pair, kinds.kind, today.as_of
    FROM (SELECT DISTINCT pair FROM core.event) AS pairs
    CROSS JOIN (
        SELECT unnest(['any', 'phone_call', 'video_call', 'meeting', 'message', 'unspecified']) AS kind
    ) AS kinds
    CROSS JOIN (
        SELECT CAST(max(started_at) AT TIME ZONE 'Europe/Paris' AS DATE) AS as_of FROM ops.run
    ) AS today
) AS clock
LEFT JOIN core.event AS event
    ON event.pair = clock.pair
    AND (clock.kind = 'any' OR event.kind = clock.kind)
    AND event.status = 'occurred'
    AND event.standing = 'stands'
    AND event.date_precision = 'day'
    AND event.date_from <= clock.as_of
GROUP BY clock.pair, clock.kind, clock.as_of
