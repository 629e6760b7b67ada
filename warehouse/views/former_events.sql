SELECT event_id, standing, merged_into, * EXCLUDE (event_id, standing, merged_into)
FROM core.described_event WHERE standing <> 'stands'
