-- Those that run are filled in: a second for ten thousand, in which accounting waits, as it would lock the same rows in another order.
-- Those that are over stay as they are, however many: who asks for them by service has their entitlements looked up, as before.
LOCK TABLE "session" IN SHARE ROW EXCLUSIVE MODE;
UPDATE "session" AS s SET "service" = e."type" FROM "entitlement" AS e
  WHERE e."id" = s."entitlement_id" AND s."state" IN ('open', 'closing', 'stale');
