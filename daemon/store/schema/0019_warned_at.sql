-- When somebody was told that their password ends: by a clock that was ahead, it is told once more.
ALTER TABLE password_warnings ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0;
