-- What happened to an account and was not read at a sign-in yet. At most twenty rows a person: the
-- oldest then stands for those before it, too.
CREATE TABLE account_news (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person INTEGER NOT NULL REFERENCES people (id),
  -- The name of the letter that tells the same.
  event TEXT NOT NULL CHECK (length(event) BETWEEN 1 AND 64),
  at INTEGER NOT NULL,
  -- Through which service and from where; empty where staff did it, or nobody can say.
  service TEXT NOT NULL CHECK (length(service) <= 64),
  origin TEXT NOT NULL CHECK (length(origin) <= 254),
  -- Which of the staff; empty: the person, or whoever had their password.
  by_whom TEXT NOT NULL CHECK (length(by_whom) <= 64),
  -- How many events it stands for.
  times INTEGER NOT NULL DEFAULT 1 CHECK (times >= 1)
) STRICT;
CREATE INDEX account_news_by_person ON account_news (person, id);

-- Whose password was found in the filter of breached ones, and was told so: once a password.
CREATE TABLE breached_passwords (
  person INTEGER PRIMARY KEY REFERENCES people (id),
  changed_at INTEGER NOT NULL -- of that password
) STRICT;

-- When a password was proven last. last_sign_in_at also counts who comes by a public key.
ALTER TABLE people ADD COLUMN last_proven_at INTEGER;
UPDATE people SET last_proven_at = (SELECT max(at) FROM audit
  WHERE audit.person = people.name AND operation = 'authenticate' AND outcome = 'accept')
WHERE state <> 'deleted';
