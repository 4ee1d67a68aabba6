-- CreateTable
CREATE TABLE "alert" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "router_id" UUID,
    "params" JSONB NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3),
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "clear_since" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by" TEXT,
    "note" TEXT,
    "opening_told_at" TIMESTAMPTZ(3),
    "end_told_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_rule" (
    "kind" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "threshold" DOUBLE PRECISION NOT NULL,
    "clear_minutes" INTEGER NOT NULL,
    "tell_owners" BOOLEAN NOT NULL,
    "emails" TEXT[],
    "msisdns" TEXT[],
    "language" TEXT NOT NULL,
    "quiet_from" TEXT,
    "quiet_to" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "alert_rule_pkey" PRIMARY KEY ("kind")
);

-- CreateIndex
CREATE INDEX "alert_kind_id_idx" ON "alert"("kind", "id");

-- CreateIndex
CREATE INDEX "alert_router_id_idx" ON "alert"("router_id");

-- CreateIndex
CREATE INDEX "alert_resolved_at_idx" ON "alert"("resolved_at");

-- AddForeignKey
ALTER TABLE "alert" ADD CONSTRAINT "alert_router_id_fkey" FOREIGN KEY ("router_id") REFERENCES "router"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One that is not over per kind and subject, however many workers look.
CREATE UNIQUE INDEX "alert_unresolved_key" ON "alert" ("kind", "subject_id") WHERE "resolved_at" IS NULL;
