-- Items that were fetched are counted from their recorded ends, known and repeated ones from the run's own counts.
SELECT
    run.run_id,
    run.started_at,
    run.ended_at,
    run.state,
    run.detail,
    run.command,
    run.engine,
    run.version,
    run.watch_sha256,
    coalesce(listed.sources, 0) AS sources_listed,
    coalesce(listed.failed, 0) AS sources_failed,
    coalesce(ended.items, 0) AS items,
    coalesce(ended.outcomes, '') AS outcomes,
    coalesce(ended.stored, 0) AS stored,
    coalesce(ended.stored_undated, 0) AS stored_undated,
    coalesce(ended.copy, 0) AS "copy",
    coalesce(ended.new_version, 0) AS new_version,
    coalesce(ended.unchanged, 0) AS unchanged,
    coalesce(ended.known, 0) AS known,
    coalesce(ended.repeated, 0) AS repeated,
    coalesce(ended.empty, 0) AS "empty",
    coalesce(ended.not_text, 0) AS not_text,
    coalesce(ended.no_text, 0) AS no_text,
    coalesce(ended.too_large, 0) AS too_large,
    coalesce(ended.refused, 0) AS refused,
    coalesce(ended.fetch_failed, 0) AS fetch_failed,
    coalesce(ended.extract_failed, 0) AS extract_failed,
    coalesce(raised.alerts, 0) AS alerts,
    coalesce(ended.deferred, 0) AS deferred
FROM ops.run AS run
LEFT JOIN (
    SELECT
        run_id,
        CAST(sum(items) AS BIGINT) AS items,
        string_agg(outcome || ' ' || items, ', ' ORDER BY items DESC, outcome) AS outcomes,
        CAST(sum(items) FILTER (WHERE outcome = 'stored') AS BIGINT) AS stored,
        CAST(sum(items) FILTER (WHERE outcome = 'stored_undated') AS BIGINT) AS stored_undated,
        CAST(sum(items) FILTER (WHERE outcome = 'copy') AS BIGINT) AS "copy",
        CAST(sum(items) FILTER (WHERE outcome = 'new_version') AS BIGINT) AS new_version,
        CAST(sum(items) FILTER (WHERE outcome = 'unchanged') AS BIGINT) AS unchanged,
        CAST(sum(items) FILTER (WHERE outcome = 'known') AS BIGINT) AS known,
        CAST(sum(items) FILTER (WHERE outcome = 'repeated') AS BIGINT) AS repeated,
        CAST(sum(items) FILTER (WHERE outcome = 'empty') AS BIGINT) AS "empty",
        CAST(sum(items) FILTER (WHERE outcome = 'not_text') AS BIGINT) AS not_text,
        CAST(sum(items) FILTER (WHERE outcome = 'no_text') AS BIGINT) AS no_text,
        CAST(sum(items) FILTER (WHERE outcome = 'too_large') AS BIGINT) AS too_large,
        CAST(sum(items) FILTER (WHERE outcome = 'refused') AS BIGINT) AS refused,
        CAST(sum(items) FILTER (WHERE outcome = 'fetch_failed') AS BIGINT) AS fetch_failed,
        CAST(sum(items) FILTER (WHERE outcome = 'extract_failed') AS BIGINT) AS extract_failed,
        CAST(sum(items) FILTER (WHERE outcome = 'deferred') AS BIGINT) AS deferred
    FROM (
        SELECT run_id, outcome, sum(items) AS items
        FROM (
            SELECT run_id, outcome, count(*) AS items FROM ops.item_end GROUP BY run_id, outcome
            UNION ALL
            SELECT run_id, outcome, items FROM ops.outcome_count
        )
        GROUP BY run_id, outcome
    )
    GROUP BY run_id
) AS ended ON ended.run_id = run.run_id
LEFT JOIN (
    SELECT run_id, count(*) AS sources, count(error) AS failed FROM ops.listing GROUP BY run_id
) AS listed ON listed.run_id = run.run_id
LEFT JOIN (SELECT run_id, count(*) AS alerts FROM core.alert GROUP BY run_id) AS raised ON raised.run_id = run.run_id
