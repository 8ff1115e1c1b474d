-- What people have to do before they are in: the terms they accepted, and the codes that stand in
-- for a lost device.

-- The version is the digest of the text. A changed text is another version, and asked for again.
CREATE TABLE accepted_terms (
  person INTEGER NOT NULL REFERENCES people (id),
  version TEXT NOT NULL CHECK (length(version) = 64 AND version NOT GLOB '*[^0-9a-f]*'),
  accepted_at INTEGER NOT NULL,
  PRIMARY KEY (person, version)
) STRICT, WITHOUT ROWID;

-- A set of recovery codes is a factor of its own; a row a code, as a keyed digest.
CREATE TABLE recovery_codes (
  factor INTEGER NOT NULL REFERENCES factors (id) ON DELETE CASCADE,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  spent_at INTEGER,
  PRIMARY KEY (factor, digest)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER recovery_codes_stay_spent BEFORE UPDATE ON recovery_codes
WHEN OLD.spent_at IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'a spent code stays spent');
END;

-- A device is listed, renamed and revoked by its name, so no two of a person have the same. Where
-- two had, the later ones get their number.
UPDATE factors SET label = substr(label, 1, 40) || ' ' || id
WHERE EXISTS (
  SELECT 1 FROM factors AS earlier
  WHERE earlier.person = factors.person AND earlier.label = factors.label
    AND earlier.pending = 0 AND factors.pending = 0 AND earlier.id < factors.id
);
CREATE UNIQUE INDEX factors_by_label ON factors (person, label) WHERE pending = 0;
