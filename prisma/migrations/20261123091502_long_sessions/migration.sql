-- DropIndex
DROP INDEX "session_stopped_at_started_at_idx";

-- Who was online at a time began within the day before it, or is one of these few: no index over all sessions is needed, which
-- every end of a session would have to be written into.
CREATE INDEX "session_long" ON "session"("started_at") WHERE "stopped_at" - "started_at" > interval '1 day';
