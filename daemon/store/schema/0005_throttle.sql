-- Wrong passwords, counted a class of origins (policy/throttle.hpp). An account is a person's id, 0
-- for nobody, or minus the number of one of the buckets that all names are hashed into: no name
-- that somebody makes up adds a row of its own for ever.
CREATE TABLE tries (
  account INTEGER NOT NULL,
  origin TEXT NOT NULL
    CHECK (length(origin) BETWEEN 1 AND 32 AND origin NOT GLOB '*[^a-z-]*'),
  hour INTEGER NOT NULL,
  every_hour BLOB NOT NULL CHECK (length(every_hour) = 25),
  standing BLOB NOT NULL CHECK (length(standing) = 25),
  strikes BLOB NOT NULL CHECK (length(strikes) <= 32),
  PRIMARY KEY (account, origin)
) STRICT, WITHOUT ROWID;

-- The time these counters go by, and both clocks when it was last read.
CREATE TABLE timepiece (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  at INTEGER NOT NULL,
  boot TEXT NOT NULL CHECK (length(boot) <= 64),
  since_boot INTEGER NOT NULL,
  wall INTEGER NOT NULL
) STRICT;

-- Wrong codes against an enrolment, for its whole life; and those of the present time step of the
-- throttle's own time.
ALTER TABLE factors ADD COLUMN wrong_codes INTEGER NOT NULL DEFAULT 0 CHECK (wrong_codes >= 0);
ALTER TABLE factors ADD COLUMN wrong_codes_from_unknown INTEGER NOT NULL DEFAULT 0
  CHECK (wrong_codes_from_unknown >= 0);
ALTER TABLE factors ADD COLUMN wrong_codes_step INTEGER NOT NULL DEFAULT 0;
ALTER TABLE factors ADD COLUMN wrong_codes_in_step INTEGER NOT NULL DEFAULT 0
  CHECK (wrong_codes_in_step >= 0);

-- The addresses a person has completed sign-ins from: an IPv4 address, or the /64 of an IPv6 one.
CREATE TABLE known_hosts (
  person INTEGER NOT NULL REFERENCES people (id),
  host TEXT NOT NULL CHECK (length(host) BETWEEN 2 AND 64),
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (person, host)
) STRICT, WITHOUT ROWID;
