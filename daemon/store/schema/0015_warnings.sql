-- What people were told of the end of their password: once for each of the days it is told on.
CREATE TABLE password_warnings (
  person INTEGER PRIMARY KEY REFERENCES people (id),
  -- Of the password it was about: another one ends on another day.
  changed_at INTEGER NOT NULL,
  -- The fewest days before its end on which they were told.
  days INTEGER NOT NULL CHECK (days > 0)
) STRICT;
