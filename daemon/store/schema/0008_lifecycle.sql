-- Where a person's sign-in is verified, how long the account is open, and what is set aside for a
-- while.

-- A suspended person whom only "enable" brings back. The table's CHECK on state knows no such word,
-- and whoever does not look here still keeps the person out.
ALTER TABLE people ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0
  CHECK (disabled = 0 OR disabled = 1 AND state = 'suspended');

-- By a password kept here, by the directory they come from, or by a provider.
ALTER TABLE people ADD COLUMN source TEXT NOT NULL DEFAULT 'local'
  CHECK (source IN ('local', 'directory') OR length(source) BETWEEN 11 AND 74
    AND source GLOB 'federated:[a-z0-9]*' AND substr(source, 11) NOT GLOB '*[^a-z0-9.-]*');

-- NULL: never.
ALTER TABLE people ADD COLUMN expires_at INTEGER;
-- Days without a sign-in are counted from here, where it is later than the last one.
ALTER TABLE people ADD COLUMN reopened_at INTEGER;
-- Until then no second factor is asked for. NULL: it is.
ALTER TABLE people ADD COLUMN factors_suspended_until INTEGER;

CREATE TRIGGER passwords_are_local_peoples BEFORE INSERT ON passwords
WHEN (SELECT source FROM people WHERE id = NEW.person) <> 'local'
BEGIN
  SELECT RAISE(ABORT, 'a password is kept of local people only');
END;
