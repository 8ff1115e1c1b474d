-- What people choose for themselves: no greeting, and to do later what is only recommended.

ALTER TABLE people ADD COLUMN greeted INTEGER NOT NULL DEFAULT 1 CHECK (greeted IN (0, 1));

-- The last time; that it was done meanwhile is not written here.
CREATE TABLE put_off_actions (
  person INTEGER NOT NULL REFERENCES people (id),
  action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 32),
  at INTEGER NOT NULL,
  PRIMARY KEY (person, action)
) STRICT, WITHOUT ROWID;
