-- CreateEnum
CREATE TYPE "ReportPeriod" AS ENUM ('day', 'week', 'month');

-- AlterTable
ALTER TABLE "ledger_entry" ADD COLUMN     "batch_id" UUID;

-- CreateTable
CREATE TABLE "report_schedule" (
    "id" UUID NOT NULL,
    "report" TEXT NOT NULL,
    "params" JSONB NOT NULL,
    "every" "ReportPeriod" NOT NULL,
    "at_hour" INTEGER NOT NULL,
    "recipients" TEXT[],
    "language" TEXT NOT NULL DEFAULT 'en',
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "last_sent_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "report_schedule_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "report_schedule_enabled_next_at_idx" ON "report_schedule"("enabled", "next_at");

-- Who bought in which month, from the index alone.
CREATE INDEX "payment_bought" ON "payment"("customer_id", "settled_at") INCLUDE ("paid_minor", "currency")
  WHERE "state" = 'succeeded' AND "refunded_at" IS NULL AND "purpose" = 'package' AND "customer_id" IS NOT NULL;

-- Which batch an entry is about stands in its key, or in the audit trail. The amounts stay as they are.
ALTER TABLE "ledger_entry" DISABLE TRIGGER "ledger_entry_append_only";
UPDATE "ledger_entry" SET "batch_id" = split_part("key", ':', 2)::uuid
WHERE "kind" = 'refund' AND "key" LIKE 'voucher\_batch:%:revoked:%';
UPDATE "ledger_entry" e SET "batch_id" = (a.details ->> 'batchId')::uuid
FROM "audit_entry" a
WHERE a.action = 'agent.sale' AND a.details ->> 'key' = e."key" AND e."kind" = 'voucher_sale';
ALTER TABLE "ledger_entry" ENABLE TRIGGER "ledger_entry_append_only";
