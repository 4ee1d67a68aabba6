-- Who is online now is looked for by device and by address: among those that run, however many are over. Each entry goes with the
-- end of its session. Accounting waits while they are built: seconds for ten million sessions, as only those that run are sorted.
CREATE INDEX "session_running_device" ON "session"("calling_station_id") WHERE "state" IN ('open', 'closing', 'stale');

CREATE INDEX "session_running_address" ON "session"("framed_ip_address") WHERE "state" IN ('open', 'closing', 'stale');
