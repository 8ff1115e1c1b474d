-- People as Unix accounts: their group, home and shell, their other names, local groups, and the
-- ledger of numbers.

-- What is NULL is what everybody has: a private group with the uid as its number, /home/NAME, and
-- the usual shell (people.hpp).
ALTER TABLE people ADD COLUMN gid INTEGER
  CHECK (gid IS NULL OR gid BETWEEN 1000 AND 61183 OR gid BETWEEN 65536 AND 2147483647);
ALTER TABLE people ADD COLUMN home TEXT
  CHECK (home IS NULL OR length(home) BETWEEN 1 AND 255 AND home GLOB '/*' AND home NOT GLOB '*:*');
ALTER TABLE people ADD COLUMN shell TEXT
  CHECK (shell IS NULL OR length(shell) BETWEEN 1 AND 127 AND shell GLOB '/*' AND shell NOT GLOB '*:*');

CREATE TRIGGER people_keep_their_group BEFORE UPDATE OF gid ON people
WHEN NEW.gid IS NOT OLD.gid
BEGIN
  SELECT RAISE(ABORT, 'a person''s ids never change');
END;

-- Every number that ever was a uid or a gid here, and whose it was: files keep numbers longer than
-- anybody remembers them.
CREATE TABLE ids (
  space TEXT NOT NULL CHECK (space IN ('uid', 'gid')),
  number INTEGER NOT NULL
    CHECK (number BETWEEN 1000 AND 61183 OR number BETWEEN 65536 AND 2147483647),
  owner TEXT NOT NULL CHECK (length(owner) = 32 AND owner NOT GLOB '*[^0-9a-f]*'),
  PRIMARY KEY (space, number)
) STRICT, WITHOUT ROWID;

-- Tombstones too: theirs are taken for ever.
INSERT INTO ids (space, number, owner) SELECT 'uid', uid, uuid FROM people;
INSERT INTO ids (space, number, owner) SELECT 'gid', uid, uuid FROM people;

CREATE TRIGGER ids_are_never_changed BEFORE UPDATE ON ids
BEGIN
  SELECT RAISE(ABORT, 'a number never changes hands');
END;
CREATE TRIGGER ids_are_never_deleted BEFORE DELETE ON ids
BEGIN
  SELECT RAISE(ABORT, 'a number is never given again');
END;

-- Other names to sign in with: an address or name@organisation, case folded. They go with their
-- person, so each is one living person's.
CREATE TABLE aliases (
  alias TEXT PRIMARY KEY
    CHECK (length(alias) BETWEEN 3 AND 254 AND alias GLOB '?*@?*' AND alias NOT GLOB '*[A-Z:]*'),
  person INTEGER NOT NULL REFERENCES people (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_person ON aliases (person);

CREATE TABLE local_groups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 32 AND uuid NOT GLOB '*[^0-9a-f]*'),
  name TEXT NOT NULL UNIQUE
    CHECK (length(name) BETWEEN 1 AND 32 AND name GLOB '[a-z_]*' AND name NOT GLOB '*[^a-z0-9_.-]*'),
  gid INTEGER NOT NULL UNIQUE
    CHECK (gid BETWEEN 1000 AND 61183 OR gid BETWEEN 65536 AND 2147483647),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER groups_keep_their_ids BEFORE UPDATE OF id, uuid, gid ON local_groups
WHEN NEW.id IS NOT OLD.id OR NEW.uuid IS NOT OLD.uuid OR NEW.gid IS NOT OLD.gid
BEGIN
  SELECT RAISE(ABORT, 'a group''s ids never change');
END;

CREATE TABLE group_members (
  local_group INTEGER NOT NULL REFERENCES local_groups (id),
  person INTEGER NOT NULL REFERENCES people (id),
  PRIMARY KEY (local_group, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_person ON group_members (person);
