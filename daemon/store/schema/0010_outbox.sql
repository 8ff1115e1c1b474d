-- Messages on their way to people. A row is written in the transaction that decides the message, so that
-- neither comes without the other; usher-courier gets it from here, and what became of it stays for a
-- while without its text.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  -- 32 hexadecimal digits: the name of the sealed text's place, and of the message on its way.
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 32),
  -- NULL: a test of an administrator's.
  person INTEGER REFERENCES people (id),
  service TEXT NOT NULL CHECK (service IN ('mail', 'sms')),
  -- What it tells: "test", "invitation", "password-changed".
  event TEXT NOT NULL CHECK (length(event) BETWEEN 1 AND 32),
  recipient TEXT NOT NULL CHECK (length(recipient) BETWEEN 1 AND 254),
  -- The text, which may hold a code. NULL once nobody may send it any more.
  sealed BLOB,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'dead')),
  queued_at INTEGER NOT NULL,
  -- Not before. While somebody sends it: when it is offered again, should nothing be heard of them.
  due_at INTEGER NOT NULL,
  -- What it says is of no use after this.
  ends_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  -- When it was sent or given up.
  done_at INTEGER,
  -- What the other end said last.
  detail TEXT NOT NULL DEFAULT '' CHECK (length(detail) <= 200),
  CHECK (state <> 'queued' OR sealed IS NOT NULL),
  CHECK (state <> 'sent' OR sealed IS NULL),
  CHECK ((state = 'queued') = (done_at IS NULL))
) STRICT;

CREATE INDEX outbox_due ON outbox (service, due_at) WHERE state = 'queued';
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX outbox_of ON outbox (person, id);
