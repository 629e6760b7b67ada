SELECT run_id, source, address, fetched_at, status, size, sha256, error, position
FROM ops.fetch
