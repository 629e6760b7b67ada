-- Layers: core holds what articles say, ops how the work went; main holds only the views promised to users.
-- No foreign keys (updating a LIST column of a parent fails under them), no secondary indexes (23 times slower
-- inserts, four times the file), no enums (they cannot be extended); ids are hashed outside. Large append-only
-- tables have no key at all: loads leave out what is there already.

CREATE SCHEMA core;

CREATE TABLE core.article (
    article_id UBIGINT NOT NULL,
    version USMALLINT NOT NULL,
    address VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    language VARCHAR,
    published_at TIMESTAMPTZ,
    published_offset_minutes SMALLINT,
    published_precision VARCHAR CHECK (published_precision IN ('day', 'instant')),
    published_basis VARCHAR,
    seen_at TIMESTAMPTZ NOT NULL,
    capture_sha256 VARCHAR NOT NULL,
    text_sha256 VARCHAR NOT NULL,
    extractor VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    cluster_id UBIGINT NOT NULL,
    key_count INTEGER NOT NULL,
    detected_language VARCHAR,
    lexicon VARCHAR,
    rules_version VARCHAR NOT NULL,
    run_id UBIGINT NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (article_id, version)
);

-- Rows arrive in the order of seen_at, so that DuckDB's zone maps skip everything before a time window.
CREATE TABLE core.sketch (
    key UINTEGER NOT NULL,
    article_id UBIGINT NOT NULL,
    version USMALLINT NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE core.copy_link (
    article_id UBIGINT NOT NULL,
    version USMALLINT NOT NULL,
    origin_id UBIGINT NOT NULL,
    relation VARCHAR NOT NULL,
    containment5 DOUBLE NOT NULL,
    jaccard3 DOUBLE NOT NULL,
    shared_keys INTEGER NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);

-- A cluster that became part of another; new_id is always a cluster that still stands.
CREATE TABLE core.cluster_alias (
    old_id UBIGINT NOT NULL PRIMARY KEY,
    new_id UBIGINT NOT NULL,
    merged_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE core.contact (
    contact_id UBIGINT NOT NULL PRIMARY KEY,
    article_id UBIGINT NOT NULL,
    version USMALLINT NOT NULL,
    position USMALLINT NOT NULL,
    pair VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    date_from DATE,
    date_to DATE,
    date_precision VARCHAR NOT NULL,
    date_basis VARCHAR NOT NULL,
    date_words VARCHAR NOT NULL,
    place VARCHAR,
    with_others VARCHAR[] NOT NULL,
    initiator VARCHAR,
    duration_minutes INTEGER,
    topics VARCHAR[] NOT NULL,
    evidence_field VARCHAR NOT NULL,
    evidence_start INTEGER NOT NULL,
    evidence_end INTEGER NOT NULL,
    evidence_quote VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    cues VARCHAR[] NOT NULL,
    confidence DOUBLE NOT NULL,
    lexicon VARCHAR NOT NULL,
    rules_version VARCHAR NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL,
    superseded_at TIMESTAMPTZ
);

CREATE TABLE core.rejected (
    article_id UBIGINT NOT NULL,
    version USMALLINT NOT NULL,
    position USMALLINT NOT NULL,
    rule VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    quote VARCHAR NOT NULL
);

-- Replaced row by row (delete and insert): updating LIST columns in place makes the file grow.
CREATE TABLE core.event (
    event_id UBIGINT NOT NULL PRIMARY KEY,
    sequence UBIGINT NOT NULL,
    pair VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    date_from DATE,
    date_to DATE,
    date_precision VARCHAR NOT NULL,
    date_basis VARCHAR NOT NULL,
    date_words VARCHAR NOT NULL,
    place VARCHAR,
    with_others VARCHAR[] NOT NULL,
    initiator VARCHAR,
    duration_minutes INTEGER,
    topics VARCHAR[] NOT NULL,
    first_reported_at TIMESTAMPTZ,
    first_source VARCHAR NOT NULL,
    reported_as VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL,
    alerted_status VARCHAR,
    clusters UBIGINT[] NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE core.event_contact (
    event_id UBIGINT NOT NULL,
    contact_id UBIGINT NOT NULL,
    score INTEGER,
    why VARCHAR NOT NULL,
    linked_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE core.event_history (
    event_id UBIGINT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    position UINTEGER NOT NULL,
    contact_id UBIGINT NOT NULL,
    article_id UBIGINT NOT NULL,
    what VARCHAR NOT NULL,
    kind_before VARCHAR,
    kind_after VARCHAR NOT NULL,
    status_before VARCHAR,
    status_after VARCHAR NOT NULL,
    date_from_before DATE,
    date_from_after DATE,
    date_to_before DATE,
    date_to_after DATE,
    date_precision_before VARCHAR,
    date_precision_after VARCHAR NOT NULL,
    place_before VARCHAR,
    place_after VARCHAR,
    with_others_before VARCHAR[],
    with_others_after VARCHAR[] NOT NULL,
    reported_as_before VARCHAR,
    reported_as_after VARCHAR NOT NULL,
    score INTEGER,
    why VARCHAR NOT NULL
);

CREATE TABLE core.alert (
    alert_id UBIGINT NOT NULL PRIMARY KEY,
    sequence UBIGINT NOT NULL,
    event_id UBIGINT NOT NULL,
    contact_id UBIGINT NOT NULL,
    article_id UBIGINT NOT NULL,
    run_id UBIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    headline VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    payload JSON NOT NULL
);

CREATE TABLE core.suppressed (
    event_id UBIGINT NOT NULL,
    contact_id UBIGINT NOT NULL,
    article_id UBIGINT NOT NULL,
    held_at TIMESTAMPTZ NOT NULL,
    hold VARCHAR NOT NULL,
    detail VARCHAR NOT NULL
);

CREATE TABLE ops.source (
    slug VARCHAR NOT NULL PRIMARY KEY,
    kind VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    side VARCHAR,
    language VARCHAR,
    name VARCHAR,
    recorded_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE ops.run (
    run_id UBIGINT NOT NULL PRIMARY KEY,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    state VARCHAR NOT NULL CHECK (state IN ('running', 'done', 'failed', 'stopped')),
    detail VARCHAR NOT NULL,
    command VARCHAR NOT NULL,
    engine VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    watch_sha256 VARCHAR NOT NULL
);

CREATE TABLE ops.item_end (
    run_id UBIGINT NOT NULL,
    source VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    listed_address VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    article_id UBIGINT,
    ended_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE ops.outcome_count (
    run_id UBIGINT NOT NULL,
    source VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    items UINTEGER NOT NULL
);

CREATE TABLE ops.listing (
    run_id UBIGINT NOT NULL,
    source VARCHAR NOT NULL,
    listed_at TIMESTAMPTZ NOT NULL,
    items UINTEGER NOT NULL,
    not_modified BOOLEAN NOT NULL,
    error VARCHAR
);

CREATE TABLE ops.fetch (
    run_id UBIGINT NOT NULL,
    position UINTEGER NOT NULL,
    source VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    status SMALLINT,
    sha256 VARCHAR,
    size UBIGINT,
    error VARCHAR
);

CREATE TABLE ops.fetch_state (
    source VARCHAR NOT NULL PRIMARY KEY,
    etag VARCHAR,
    last_modified VARCHAR,
    recorded_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE ops.delivery (
    alert_id UBIGINT NOT NULL,
    channel VARCHAR NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('pending', 'sent', 'dead')),
    attempts UINTEGER NOT NULL,
    next_attempt_at TIMESTAMPTZ,
    last_attempt_at TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    detail VARCHAR NOT NULL,
    PRIMARY KEY (alert_id, channel)
);

CREATE TABLE ops.delivery_attempt (
    alert_id UBIGINT NOT NULL,
    channel VARCHAR NOT NULL,
    attempted_at TIMESTAMPTZ NOT NULL,
    ok BOOLEAN NOT NULL,
    dead BOOLEAN NOT NULL,
    detail VARCHAR NOT NULL
);
