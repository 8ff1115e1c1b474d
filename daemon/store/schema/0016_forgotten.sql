-- Forgotten passwords: what strangers may cause, codes that no clock makes last longer, and a second try.

-- Letters that were sent, by the throttle's own time, for as long as they are counted.
CREATE TABLE letters_asked (
  -- The address of several accounts; empty: all that strangers caused, of the whole host.
  whose TEXT NOT NULL COLLATE NOCASE CHECK (length(whose) <= 254),
  origin TEXT NOT NULL CHECK (length(origin) BETWEEN 1 AND 32),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX letters_asked_of ON letters_asked (whose, origin, at);

-- The end by the throttle's own time; with it the wall clock's counts for nothing. Codes that were
-- mailed before had an hour: they are asked for again.
ALTER TABLE codes ADD COLUMN ends_at INTEGER;
DELETE FROM codes WHERE purpose = 'reset';

-- What could not be decided waits until then, once.
ALTER TABLE reset_requests ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reset_requests ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;

-- Somebody waits at a prompt for the code in it: no notice goes before it.
ALTER TABLE outbox ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0 CHECK (urgent IN (0, 1));
CREATE INDEX outbox_urgent ON outbox (service, urgent DESC, due_at, id) WHERE state = 'queued';
