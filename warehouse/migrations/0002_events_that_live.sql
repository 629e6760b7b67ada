-- What users were told last, contradictions, and an analyst's word: merged, rejected and muted events, tied contacts.

ALTER TABLE core.event ADD COLUMN status_at TIMESTAMPTZ;
ALTER TABLE core.event ADD COLUMN contradicted BOOLEAN DEFAULT false;
ALTER TABLE core.event ADD COLUMN told JSON;
ALTER TABLE core.event ADD COLUMN again BOOLEAN DEFAULT false;
ALTER TABLE core.contact ADD COLUMN again BOOLEAN DEFAULT false;
ALTER TABLE core.event ADD COLUMN standing VARCHAR DEFAULT 'stands';
ALTER TABLE core.event ADD COLUMN merged_into UBIGINT;
ALTER TABLE core.event ADD COLUMN muted_until TIMESTAMPTZ;

UPDATE core.event SET status_at = first_reported_at;
UPDATE core.event SET told = json_object(
    'status', alerted_status, 'kind', kind, 'first', date_from, 'last', date_to, 'precision', date_precision,
    'basis', date_basis, 'words', date_words, 'place', place, 'contradicted', false, 'independent', len(clusters),
    'confidence', confidence)
WHERE alerted_status IS NOT NULL;

ALTER TABLE core.event_contact ADD COLUMN doubt VARCHAR DEFAULT '';

-- A contact that an analyst has tied to an event (kept), or taken out of it for good.
CREATE TABLE core.pin (
    contact_id UBIGINT NOT NULL PRIMARY KEY,
    event_id UBIGINT NOT NULL,
    kept BOOLEAN NOT NULL,
    verdict_id UBIGINT NOT NULL
);

CREATE TABLE core.verdict (
    verdict_id UBIGINT NOT NULL PRIMARY KEY,
    decided_at TIMESTAMPTZ NOT NULL,
    action VARCHAR NOT NULL,
    event_id UBIGINT NOT NULL,
    other_event_id UBIGINT,
    contact_ids UBIGINT[] NOT NULL,
    until TIMESTAMPTZ,
    note VARCHAR NOT NULL
);
