-- Both are filled by the worker, from the ledger, within minutes; reports read the ledger for the days that are not yet there.
-- CreateTable
CREATE TABLE "sold_day" (
    "time_zone" TEXT NOT NULL,
    "day" DATE NOT NULL,

    CONSTRAINT "sold_day_pkey" PRIMARY KEY ("time_zone","day")
);

-- CreateTable
CREATE TABLE "sold_part" (
    "time_zone" TEXT NOT NULL,
    "account_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "week_hour" SMALLINT NOT NULL,
    "is_batch" BOOLEAN NOT NULL,
    "at_desk" BOOLEAN NOT NULL,
    "payments" INTEGER NOT NULL,
    "gross_minor" BIGINT NOT NULL,
    "refunded_minor" BIGINT NOT NULL,
    "commission_minor" BIGINT NOT NULL,
    "channel" TEXT NOT NULL,
    "package_id" UUID,
    "agent_id" UUID,
    "router_id" UUID,
    "customer_id" UUID
);

-- CreateIndex
CREATE INDEX "sold_part_time_zone_account_id_day_idx" ON "sold_part"("time_zone", "account_id", "day");
