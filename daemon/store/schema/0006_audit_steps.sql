-- What happened on the way to each decision (daemon/trail.hpp), and a way to find a record by its
-- request. NULL in records that are older: their hash does not cover it, so none may be added.
ALTER TABLE audit ADD COLUMN steps TEXT CHECK (steps IS NULL OR length(steps) BETWEEN 1 AND 1024);

CREATE INDEX audit_by_request ON audit (request, sequence);
