SELECT
    contact_id, event_id, article_id, version, position, address, source, side, outlet, title, published_at, pair,
    kind, status, role, date_from, date_to, date_precision, date_basis, date_words, place, with_others, initiator,
    duration_minutes, topics, evidence_field, evidence_start, evidence_end, evidence_quote, rule, cues, confidence,
    lexicon, rules_version, make_time(time_minute // 60, time_minute % 60, 0) AS time_of_day, time_zone, started_at
FROM core.current_contact
