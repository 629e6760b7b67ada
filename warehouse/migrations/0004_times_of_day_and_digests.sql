-- When on its day a contact took place, as the words say it: the minute of the day, the zone where the words name one,
-- and the moment where both the day and the zone are known.
ALTER TABLE core.contact ADD COLUMN time_minute SMALLINT;
ALTER TABLE core.contact ADD COLUMN time_zone VARCHAR;
ALTER TABLE core.contact ADD COLUMN started_at TIMESTAMPTZ;
ALTER TABLE core.event ADD COLUMN time_minute SMALLINT;
ALTER TABLE core.event ADD COLUMN time_zone VARCHAR;
ALTER TABLE core.event ADD COLUMN started_at TIMESTAMPTZ;

-- The digest of which a delivery is part, written down before the digest is sent: a digest that fails, or whose answer
-- is lost, is sent again as it was, under the same idempotency key.
ALTER TABLE ops.delivery ADD COLUMN digest_id UBIGINT;
