-- What servers said of their last answers, for many addresses of one source; keys are hashes of the addresses, which
-- may hold secrets. The old table knew one address for each source; every listing is asked for in full once.
DROP TABLE ops.fetch_state;

CREATE TABLE ops.validator (
    source VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    etag VARCHAR,
    last_modified VARCHAR,
    recorded_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE ops.cursor (
    source VARCHAR NOT NULL PRIMARY KEY,
    position VARCHAR NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL
);

-- robots.txt by origin; text is null where it could not be had.
CREATE TABLE ops.robots (
    origin VARCHAR NOT NULL PRIMARY KEY,
    text VARCHAR,
    detail VARCHAR NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL
);

-- Where the bytes of a fetch lie: a record of a WARC file below captures/.
CREATE TABLE ops.capture (
    sha256 VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    start_at UBIGINT NOT NULL,
    length UBIGINT NOT NULL,
    size UBIGINT NOT NULL,
    address VARCHAR NOT NULL,
    captured_at TIMESTAMPTZ NOT NULL
);

ALTER TABLE ops.listing ADD COLUMN status SMALLINT;
ALTER TABLE ops.source ADD COLUMN tier VARCHAR;
ALTER TABLE ops.source ADD COLUMN country VARCHAR;
ALTER TABLE ops.source ADD COLUMN state_affiliated VARCHAR;

CREATE TABLE ops.health (
    source VARCHAR NOT NULL PRIMARY KEY,
    state VARCHAR NOT NULL CHECK (state IN ('ok', 'quiet', 'degraded', 'blocked', 'failing')),
    since TIMESTAMPTZ NOT NULL,
    detail VARCHAR NOT NULL,
    checked_at TIMESTAMPTZ NOT NULL,
    told_state VARCHAR,
    last_new_at TIMESTAMPTZ,
    new_per_day DOUBLE NOT NULL,
    without_text DOUBLE NOT NULL,
    without_date DOUBLE NOT NULL
);
