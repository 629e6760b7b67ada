SELECT
    alert_id,
    payload ->> '$.source' AS source,
    payload ->> '$.state' AS state,
    payload ->> '$.before' AS state_before,
    created_at,
    headline,
    body,
    run_id,
    sequence
FROM core.alert
WHERE reason = 'source'
