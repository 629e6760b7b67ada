SELECT
    asked.run_id,
    asked.source,
    asked.address,
    asked.fetched_at,
    asked.status,
    asked.size,
    asked.sha256,
    asked.error,
    asked.position,
    kept.file AS warc_file,
    kept.start_at AS warc_offset,
    kept.length AS warc_length
FROM ops.fetch AS asked
LEFT JOIN (
    SELECT sha256, arg_min(file, captured_at) AS file, arg_min(start_at, captured_at) AS start_at,
        arg_min(length, captured_at) AS length
    FROM ops.capture
    GROUP BY sha256
) AS kept ON kept.sha256 = asked.sha256
