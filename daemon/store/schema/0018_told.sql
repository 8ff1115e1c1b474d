-- What people were told of their accounts.

-- What was read is no news any more; that it was told is asked for a while. Of these, too, at most
-- twenty rows a person.
ALTER TABLE account_news ADD COLUMN is_read INTEGER NOT NULL DEFAULT 0 CHECK (is_read IN (0, 1));

-- Every notice's "not you?" code stands by itself: what a thief does next kills none.
DROP INDEX codes_one_a_purpose;
CREATE UNIQUE INDEX codes_one_a_purpose ON codes (person, purpose)
  WHERE purpose NOT IN ('reset', 'not-you');
