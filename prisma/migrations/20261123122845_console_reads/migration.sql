-- AlterTable
ALTER TABLE "router" ADD COLUMN     "cpu_load" INTEGER,
ADD COLUMN     "disk_free" BIGINT,
ADD COLUMN     "disk_total" BIGINT,
ADD COLUMN     "load_read_at" TIMESTAMPTZ(3),
ADD COLUMN     "memory_free" BIGINT,
ADD COLUMN     "memory_total" BIGINT;

-- Writes to these tables wait while their indexes are built: seconds for a million rows, about a minute for ten million sessions.
-- Accounting that comes meanwhile is kept in the durable Redis and is merged afterwards.
-- CreateIndex
CREATE INDEX "session_router_id_state_started_at_idx" ON "session"("router_id", "state", "started_at");

-- CreateIndex
CREATE INDEX "session_customer_id_started_at_idx" ON "session"("customer_id", "started_at");

-- Each is the beginning of one that was just made.
-- DropIndex
DROP INDEX "session_customer_id_idx";

-- DropIndex
DROP INDEX "session_router_id_state_idx";

-- What was sold of each package lately, and what of it is in force, is counted in these alone.
CREATE INDEX "payment_sold" ON "payment"("settled_at", "package_id") WHERE "state" = 'succeeded' AND "refunded_at" IS NULL AND "package_id" IS NOT NULL;

CREATE INDEX "voucher_redeemed" ON "voucher"("redeemed_at", "batch_id") WHERE "redeemed_at" IS NOT NULL;

CREATE INDEX "entitlement_active" ON "entitlement"("package_id", "ends_at") WHERE "state" = 'active';
