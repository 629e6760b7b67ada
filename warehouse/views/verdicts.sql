SELECT verdict_id, decided_at, action, event_id, other_event_id, contact_ids, until, note FROM core.verdict
