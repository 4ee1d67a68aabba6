-- Who was online at a router on some day began within the day before it, still runs, or is one of these few: for them every session
-- that the router ever had was read. Accounting waits while the index is built, in the durable Redis, and is merged afterwards: some
-- seconds for ten million sessions, which are read once, and of which few are written down.
CREATE INDEX "session_long_router" ON "session"("router_id", "started_at") WHERE "stopped_at" - "started_at" > interval '1 day';
