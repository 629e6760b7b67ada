-- When on its day a contact took place, as the words say it: the minute of the day, the zone where the words name one,
-- and the moment where both the day and the zone are known.
ALTER TABLE core.contact ADD COLUMN time_minute SMALLINT;
ALTER TABLE core.contact ADD COLUMN time_zone VARCHAR;
ALTER TABLE core.contact ADD COLUMN started_at TIMESTAMPTZ;
ALTER TABLE core.event ADD COLUMN time_minute SMALLINT;
ALTER TABLE core.event ADD COLUMN time_zone VARCHAR;
ALTER TABLE core.event ADD COLUMN started_at TIMESTAMPTZ;
