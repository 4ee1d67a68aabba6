-- CreateTable
CREATE TABLE "customer_count" (
    "slot" SERIAL NOT NULL,
    "customers" BIGINT NOT NULL,

    CONSTRAINT "customer_count_pkey" PRIMARY KEY ("slot")
);

-- Counting a million customers takes a third of a second. Whoever inserts or deletes some moves a row that nobody else has at the
-- moment, or makes one: nobody waits, and there are at most as many rows as ever inserted at the same time.
CREATE FUNCTION count_customers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved bigint;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    DELETE FROM "customer_count";
    RETURN NULL;
  END IF;
  SELECT CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END INTO moved FROM changed;
  IF moved = 0 THEN
    RETURN NULL;
  END IF;
  UPDATE "customer_count" SET "customers" = "customers" + moved
  WHERE "slot" = (SELECT "slot" FROM "customer_count" ORDER BY "slot" LIMIT 1 FOR UPDATE SKIP LOCKED);
  IF NOT FOUND THEN
    INSERT INTO "customer_count" ("customers") VALUES (moved);
  END IF;
  RETURN NULL;
END
$$;

-- From here to the end of the migration nobody inserts or deletes customers.
CREATE TRIGGER customer_inserted AFTER INSERT ON "customer" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION count_customers();
CREATE TRIGGER customer_deleted AFTER DELETE ON "customer" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION count_customers();
CREATE TRIGGER customer_truncated AFTER TRUNCATE ON "customer" FOR EACH STATEMENT EXECUTE FUNCTION count_customers();
INSERT INTO "customer_count" ("customers") SELECT count(*) FROM "customer";

-- Writes to payment and session wait while these are built: seconds for a million payments, and one reading of the sessions, of
-- which few are written down. Accounting that comes meanwhile is kept in the durable Redis and is merged afterwards.
-- Sums over payments read these alone, where the pages of the table are known to be settled; that is found out when the table is
-- vacuumed, by default only after a fifth of it has changed.
-- Every payment has been made at some time: the condition only keeps what the schema cannot say, columns that are included,
-- apart from what it says.
-- DropIndex
DROP INDEX "payment_created_at_idx";
CREATE INDEX "payment_made" ON "payment"("created_at") INCLUDE ("provider", "currency", "state", "paid_minor", "refunded_at")
  WHERE "created_at" IS NOT NULL;

-- DropIndex
DROP INDEX "payment_settled_at_idx";
CREATE INDEX "payment_settled" ON "payment"("settled_at") INCLUDE ("provider", "currency", "state", "paid_minor", "refunded_at")
  WHERE "settled_at" IS NOT NULL;

ALTER TABLE "payment" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

-- Who had an address began within the day before, still runs, or is one of these few.
CREATE INDEX "session_long_address" ON "session"("framed_ip_address", "started_at")
  WHERE "stopped_at" - "started_at" > interval '1 day';
