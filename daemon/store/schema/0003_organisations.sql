-- Organisations and who belongs to them, what an organisation knows of a person, and the language
-- they read.

-- ISO 639-1. NULL: the host's language.
ALTER TABLE people ADD COLUMN language TEXT
  CHECK (language IS NULL OR length(language) = 2 AND language NOT GLOB '*[^a-z]*');

-- The name is what stands behind the @ of name@organisation.
CREATE TABLE organisations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
    CHECK (length(name) BETWEEN 1 AND 64 AND name GLOB '[a-z0-9]*' AND name NOT GLOB '*[^a-z0-9.-]*'),
  display_name TEXT NOT NULL CHECK (length(display_name) <= 64),
  support TEXT NOT NULL CHECK (length(support) <= 64), -- empty: the host's
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
  organisation INTEGER NOT NULL REFERENCES organisations (id),
  person INTEGER NOT NULL REFERENCES people (id),
  PRIMARY KEY (organisation, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_person ON memberships (person);

-- department, manager and the like: what rules ask about. One value a name.
CREATE TABLE attributes (
  person INTEGER NOT NULL REFERENCES people (id),
  name TEXT NOT NULL
    CHECK (length(name) BETWEEN 1 AND 32 AND name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9_-]*'),
  value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 256),
  PRIMARY KEY (person, name)
) STRICT, WITHOUT ROWID;
