-- CreateTable
CREATE TABLE "daily_revenue" (
    "time_zone" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "revenue_minor" BIGINT NOT NULL,
    "payments" INTEGER NOT NULL,

    CONSTRAINT "daily_revenue_pkey" PRIMARY KEY ("time_zone","day","currency")
);

-- CreateTable
CREATE TABLE "daily_usage" (
    "time_zone" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "users" INTEGER NOT NULL,
    "octets" BIGINT NOT NULL,
    "computed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "daily_usage_pkey" PRIMARY KEY ("time_zone","day")
);

-- Writes to payment and session wait while these are built: seconds for a million rows, about a minute for ten million sessions.
-- Accounting that comes meanwhile is kept in the durable Redis and is merged afterwards.
-- CreateIndex
CREATE INDEX "payment_settled_at_idx" ON "payment"("settled_at");

-- CreateIndex
CREATE INDEX "session_stopped_at_started_at_idx" ON "session"("stopped_at", "started_at");

CREATE INDEX "payment_refunded" ON "payment"("refunded_at") WHERE "refunded_at" IS NOT NULL;
