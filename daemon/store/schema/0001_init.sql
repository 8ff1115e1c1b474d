-- The first schema. Times are milliseconds since the epoch. Migrations are never edited after a
-- release; a change is a new file.

PRAGMA application_id = 1433626738; -- "Ushr": tells this store from other SQLite files

-- One row a person, for ever: the row of a deleted person keeps its uid from being used again.
CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 32 AND uuid NOT GLOB '*[^0-9a-f]*'),
  name TEXT NOT NULL
    CHECK (length(name) BETWEEN 1 AND 32 AND name GLOB '[a-z_]*' AND name NOT GLOB '*[^a-z0-9_.-]*'),
  display_name TEXT NOT NULL CHECK (length(display_name) <= 256),
  uid INTEGER NOT NULL UNIQUE
    CHECK (uid BETWEEN 1000 AND 61183 OR uid BETWEEN 65536 AND 2147483647),
  state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'suspended', 'deleted')),
  state_reason TEXT NOT NULL CHECK (length(state_reason) <= 1024),
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  created_at INTEGER NOT NULL,
  last_sign_in_at INTEGER
) STRICT;

-- A name may be given again after its owner is deleted; a uid may not.
CREATE UNIQUE INDEX people_by_name ON people (name) WHERE state <> 'deleted';

CREATE TRIGGER people_keep_their_ids BEFORE UPDATE OF id, uuid, uid ON people
WHEN NEW.id IS NOT OLD.id OR NEW.uuid IS NOT OLD.uuid OR NEW.uid IS NOT OLD.uid
BEGIN
  SELECT RAISE(ABORT, 'a person''s ids never change');
END;
CREATE TRIGGER people_stay_deleted BEFORE UPDATE OF state ON people
WHEN OLD.state = 'deleted' AND NEW.state <> 'deleted'
BEGIN
  SELECT RAISE(ABORT, 'a deleted person does not come back');
END;
CREATE TRIGGER people_are_kept BEFORE DELETE ON people
BEGIN
  SELECT RAISE(ABORT, 'people are kept as tombstones');
END;
CREATE TRIGGER people_epoch_only_rises BEFORE UPDATE OF epoch ON people
WHEN NEW.epoch < OLD.epoch
BEGIN
  SELECT RAISE(ABORT, 'an epoch only rises');
END;

CREATE TABLE passwords (
  person INTEGER PRIMARY KEY REFERENCES people (id),
  phc TEXT NOT NULL CHECK (length(phc) BETWEEN 1 AND 512),
  must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
  changed_at INTEGER NOT NULL
) STRICT;

-- The kinds are rows of factors/table.cpp: a new kind needs no migration, so only its shape is
-- checked here.
CREATE TABLE factors (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- an id that is never used again cannot be spent for another
  person INTEGER NOT NULL REFERENCES people (id),
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 32 AND uuid NOT GLOB '*[^0-9a-f]*'),
  kind TEXT NOT NULL
    CHECK (length(kind) BETWEEN 1 AND 32 AND kind GLOB '[a-z]*' AND kind NOT GLOB '*[^a-z0-9-]*'),
  label TEXT NOT NULL CHECK (length(label) <= 64),
  sealed BLOB NOT NULL CHECK (length(sealed) > 0),
  counter INTEGER NOT NULL,
  pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX factors_by_person ON factors (person);
CREATE UNIQUE INDEX factors_one_pending_a_kind ON factors (person, kind) WHERE pending = 1;

CREATE TRIGGER factors_keep_their_owner BEFORE UPDATE OF id, person, uuid, kind ON factors
WHEN NEW.id IS NOT OLD.id OR NEW.person IS NOT OLD.person OR NEW.uuid IS NOT OLD.uuid
  OR NEW.kind IS NOT OLD.kind
BEGIN
  SELECT RAISE(ABORT, 'a factor never changes hands');
END;

CREATE TABLE codes (
  person INTEGER NOT NULL REFERENCES people (id),
  handle TEXT NOT NULL CHECK (length(handle) = 4),
  purpose TEXT NOT NULL
    CHECK (length(purpose) BETWEEN 1 AND 32 AND purpose NOT GLOB '*[^a-z0-9-]*'),
  digest BLOB NOT NULL CHECK (length(digest) > 0),
  epoch INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  spent_at INTEGER,
  PRIMARY KEY (person, handle)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX codes_one_a_purpose ON codes (person, purpose);

CREATE TRIGGER codes_stay_spent BEFORE UPDATE ON codes
WHEN OLD.spent_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'a spent code stays spent');
END;

-- AUTOINCREMENT keeps the highest sequence beside the table, so records cut off at the end are missed.
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  request TEXT NOT NULL,
  operation TEXT NOT NULL CHECK (length(operation) > 0),
  outcome TEXT NOT NULL CHECK (length(outcome) > 0),
  reason TEXT NOT NULL,
  person TEXT NOT NULL,
  factor TEXT NOT NULL,
  service TEXT NOT NULL,
  origin TEXT NOT NULL,
  rhost TEXT NOT NULL,
  tty TEXT NOT NULL,
  peer_uid INTEGER NOT NULL,
  detail TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
-- Unknown names too: a refusal must cost the same whoever it is about.
CREATE INDEX audit_by_person ON audit (person, sequence);

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit records are never changed');
END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit records are never deleted');
END;

CREATE TABLE settings (
  name TEXT PRIMARY KEY CHECK (length(name) > 0),
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
