-- The passwords a person has had, for "none of the last ones": the current one is the newest row.
-- PHC strings only, as they were made, so that old schemes still verify.
CREATE TABLE password_history (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- rises with each acceptance, whatever the clock does
  person INTEGER NOT NULL REFERENCES people (id),
  phc TEXT NOT NULL CHECK (length(phc) BETWEEN 1 AND 512),
  accepted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX password_history_by_person ON password_history (person, id);

INSERT INTO password_history (person, phc, accepted_at)
  SELECT person, phc, changed_at FROM passwords;
