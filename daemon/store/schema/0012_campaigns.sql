-- Campaigns: an administrator has people confirm once more what is stored of them.

CREATE TABLE campaigns (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('mail', 'mobile')),
  scope TEXT NOT NULL CHECK (scope IN ('everybody', 'organisation', 'group')),
  -- The organisation's or the group's name as it was at the start; empty for everybody.
  whom TEXT NOT NULL CHECK (length(whom) <= 64),
  started_at INTEGER NOT NULL,
  -- How many contacts were to be confirmed then.
  asked INTEGER NOT NULL,
  stopped_at INTEGER
) STRICT;

CREATE TABLE campaign_contacts (
  campaign INTEGER NOT NULL REFERENCES campaigns (id),
  contact INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  -- It was confirmed before, and a campaign is why it has to be confirmed again.
  doubted INTEGER NOT NULL CHECK (doubted IN (0, 1)),
  PRIMARY KEY (campaign, contact)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_contacts_by_contact ON campaign_contacts (contact);
