-- Forgotten passwords: who asked, what was decided, and codes that were sent to somebody's address.

-- A code that was mailed dies with the address it went to.
ALTER TABLE codes ADD COLUMN contact INTEGER REFERENCES contacts (id) ON DELETE CASCADE;
CREATE INDEX codes_by_contact ON codes (contact) WHERE contact IS NOT NULL;
-- Several resets may be on their way at once: what a stranger asks for kills no code of the owner's.
DROP INDEX codes_one_a_purpose;
CREATE UNIQUE INDEX codes_one_a_purpose ON codes (person, purpose) WHERE purpose <> 'reset';

-- What was asked at a prompt and is not decided yet. Nothing here says whether the name is anybody's.
CREATE TABLE reset_requests (
  id INTEGER PRIMARY KEY,
  -- A name or an address; empty: what was typed is neither.
  asked_for TEXT NOT NULL CHECK (length(asked_for) <= 254),
  -- The class it came from: each has places of its own.
  origin TEXT NOT NULL CHECK (length(origin) BETWEEN 1 AND 32),
  service TEXT NOT NULL CHECK (length(service) <= 64),
  rhost TEXT NOT NULL CHECK (length(rhost) <= 254),
  request TEXT NOT NULL CHECK (length(request) <= 64),
  asked_at INTEGER NOT NULL,
  UNIQUE (asked_for, origin)
) STRICT;
CREATE INDEX reset_requests_by_origin ON reset_requests (origin, id);

-- What was decided for a person, by the throttle's own time, for as long as it is counted.
CREATE TABLE resets_asked (
  person INTEGER NOT NULL REFERENCES people (id),
  origin TEXT NOT NULL CHECK (length(origin) BETWEEN 1 AND 32),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX resets_asked_of ON resets_asked (person, origin, at);
