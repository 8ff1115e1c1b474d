-- Where people are reached: mail addresses and mobile numbers. Each stands in one form, which
-- daemon/contacts/value.hpp makes; of two that differ in case only, one is kept.
CREATE TABLE contacts (
  -- No number twice: one that takes another's place must not be taken for it.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person INTEGER NOT NULL REFERENCES people (id),
  kind TEXT NOT NULL CHECK (kind IN ('mail', 'mobile')),
  value TEXT NOT NULL COLLATE NOCASE CHECK (length(value) BETWEEN 1 AND 254),
  source TEXT NOT NULL CHECK (source IN ('admin', 'person', 'directory')),
  added_at INTEGER NOT NULL,
  -- A code that was sent there came back.
  confirmed_at INTEGER,
  -- Before, no recovery code goes there.
  counts_from INTEGER,
  -- Since then it is to be confirmed once more, and no recovery code goes there.
  doubted_at INTEGER,
  UNIQUE (person, kind, value),
  CHECK ((confirmed_at IS NULL) = (counts_from IS NULL)),
  CHECK (doubted_at IS NULL OR confirmed_at IS NOT NULL)
) STRICT;

CREATE INDEX contacts_by_value ON contacts (kind, value);

-- A code on its way to a contact, as a keyed digest, and what its coming back confirms: a contact
-- that stands in the other table, or one that is entered there only then.
CREATE TABLE contact_codes (
  person INTEGER NOT NULL REFERENCES people (id),
  kind TEXT NOT NULL CHECK (kind IN ('mail', 'mobile')),
  value TEXT NOT NULL COLLATE NOCASE CHECK (length(value) BETWEEN 1 AND 254),
  -- Goes when the code comes back.
  replaces INTEGER REFERENCES contacts (id) ON DELETE CASCADE,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  epoch INTEGER NOT NULL,
  -- In milliseconds of the throttle's own time, which nobody sets.
  sent_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;
