-- CreateEnum
CREATE TYPE "VoucherState" AS ENUM ('unused', 'redeemed', 'revoked', 'expired');

-- AlterEnum
ALTER TYPE "MessageAuthenticatorPolicy" ADD VALUE 'learned';

-- AlterEnum
ALTER TYPE "SessionCommandState" ADD VALUE 'removed';

-- AlterEnum
ALTER TYPE "SessionCommandState" ADD VALUE 'superseded';

-- AlterTable
ALTER TABLE "customer" ADD COLUMN     "devices_only" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "entitlement" ADD COLUMN     "fair_use" JSONB,
ADD COLUMN     "mac_login" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "online_seconds" BIGINT,
ADD COLUMN     "router_ids" UUID[] DEFAULT ARRAY[]::UUID[],
ADD COLUMN     "schedule" JSONB,
ADD COLUMN     "sites" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "suspended_at" TIMESTAMPTZ(3),
ADD COLUMN     "time_zone" TEXT NOT NULL DEFAULT 'Africa/Nairobi';

-- AlterTable
ALTER TABLE "package" ADD COLUMN     "fair_use" JSONB,
ADD COLUMN     "mac_login" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "online_seconds" BIGINT,
ADD COLUMN     "router_ids" UUID[] DEFAULT ARRAY[]::UUID[],
ADD COLUMN     "schedule" JSONB,
ADD COLUMN     "sites" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "time_zone" TEXT NOT NULL DEFAULT 'Africa/Nairobi';

-- AlterTable
ALTER TABLE "router" ADD COLUMN     "previous_radius_secret" TEXT,
ADD COLUMN     "radius_rate_limit" INTEGER,
ADD COLUMN     "secret_rotated_at" TIMESTAMPTZ(3),
ADD COLUMN     "site" TEXT;

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "fair_use_step" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "rate_limit" TEXT;

-- AlterTable
ALTER TABLE "session_command" ADD COLUMN     "detail" TEXT,
ADD COLUMN     "params" JSONB;

-- CreateTable
CREATE TABLE "nas_activity" (
    "router_id" UUID NOT NULL,
    "last_request_at" TIMESTAMPTZ(3),
    "current_used_at" TIMESTAMPTZ(3),
    "previous_used_at" TIMESTAMPTZ(3),
    "signed_at" TIMESTAMPTZ(3),
    "mismatches" BIGINT NOT NULL DEFAULT 0,
    "last_mismatch_at" TIMESTAMPTZ(3),
    "throttled" BIGINT NOT NULL DEFAULT 0,
    "last_throttled_at" TIMESTAMPTZ(3),

    CONSTRAINT "nas_activity_pkey" PRIMARY KEY ("router_id")
);

-- CreateTable
CREATE TABLE "customer_device" (
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "mac" TEXT NOT NULL,
    "name" TEXT NOT NULL DEFAULT '',
    "blocked" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "customer_device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "voucher_batch" (
    "id" UUID NOT NULL,
    "package_id" UUID NOT NULL,
    "count" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "voucher_batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "voucher" (
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "code_hash" TEXT NOT NULL,
    "state" "VoucherState" NOT NULL DEFAULT 'unused',
    "expires_at" TIMESTAMPTZ(3),
    "redeemed_at" TIMESTAMPTZ(3),
    "customer_id" UUID,
    "entitlement_id" UUID,

    CONSTRAINT "voucher_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_counter_sample" (
    "session_id" UUID NOT NULL,
    "seconds" INTEGER NOT NULL,
    "ended" BOOLEAN NOT NULL,
    "input_octets" BIGINT NOT NULL,
    "output_octets" BIGINT NOT NULL,

    CONSTRAINT "session_counter_sample_pkey" PRIMARY KEY ("session_id","seconds","ended","input_octets","output_octets")
);

-- CreateIndex
CREATE UNIQUE INDEX "customer_device_mac_key" ON "customer_device"("mac");

-- CreateIndex
CREATE INDEX "customer_device_customer_id_idx" ON "customer_device"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "voucher_code_hash_key" ON "voucher"("code_hash");

-- CreateIndex
CREATE INDEX "voucher_batch_id_state_idx" ON "voucher"("batch_id", "state");

-- CreateIndex
CREATE INDEX "session_customer_id_idx" ON "session"("customer_id");

-- CreateIndex
CREATE INDEX "session_command_state_created_at_idx" ON "session_command"("state", "created_at");

-- CreateIndex
CREATE INDEX "session_framed_ip_address_started_at_idx" ON "session"("framed_ip_address", "started_at");

-- AddForeignKey
ALTER TABLE "nas_activity" ADD CONSTRAINT "nas_activity_router_id_fkey" FOREIGN KEY ("router_id") REFERENCES "router"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_counter_sample" ADD CONSTRAINT "session_counter_sample_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_device" ADD CONSTRAINT "customer_device_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "voucher_batch" ADD CONSTRAINT "voucher_batch_package_id_fkey" FOREIGN KEY ("package_id") REFERENCES "package"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "voucher" ADD CONSTRAINT "voucher_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "voucher_batch"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Every accounting packet writes these rows anew: room on each page keeps that from touching their indexes.
ALTER TABLE "session" SET (fillfactor = 60);
ALTER TABLE "entitlement" SET (fillfactor = 70);

-- Accounting packets by day of arrival (UTC), so that old days are dropped whole. The partitions live in a schema of their own.
CREATE SCHEMA "accounting";

ALTER TABLE "accounting_record" RENAME TO "accounting_record_before";
ALTER TABLE "accounting_record_before" RENAME CONSTRAINT "accounting_record_pkey" TO "accounting_record_before_pkey";
DROP INDEX "accounting_record_unmerged";
DROP INDEX "accounting_record_received_at_idx";

CREATE TABLE "accounting_record" (
    "received_on" DATE NOT NULL,
    "dedup_key" TEXT NOT NULL,
    "router_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "body" JSONB NOT NULL,
    "merged_at" TIMESTAMPTZ(3),
    "problem" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "accounting_record_pkey" PRIMARY KEY ("received_on", "dedup_key")
) PARTITION BY RANGE ("received_on");

CREATE INDEX "accounting_record_unmerged" ON "accounting_record"("received_at") WHERE "merged_at" IS NULL AND "problem" IS NULL;

-- Takes what no day's partition fits, so that an insert never fails for want of one.
CREATE TABLE "accounting"."record_other" PARTITION OF "accounting_record" DEFAULT;

-- Makes the partitions of `days` days from `first`; those that exist stay.
CREATE FUNCTION ensure_accounting_days(first date, days integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  day date;
  made integer := 0;
BEGIN
  FOR day IN SELECT first + n FROM generate_series(0, days - 1) n LOOP
    CONTINUE WHEN to_regclass(format('accounting.record_%s', to_char(day, 'YYYYMMDD'))) IS NOT NULL;
    -- A day whose rows went into the default partition before it was made stays there.
    CONTINUE WHEN EXISTS (SELECT FROM accounting.record_other WHERE received_on = day);
    EXECUTE format('CREATE TABLE accounting.record_%s PARTITION OF accounting_record FOR VALUES FROM (%L) TO (%L)',
      to_char(day, 'YYYYMMDD'), day, day + 1);
    made := made + 1;
  END LOOP;
  RETURN made;
END
$$;

-- Drops the partitions of the days before `first`, unless one still holds a record that was never merged; gives how many.
CREATE FUNCTION drop_accounting_days_before(first date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  part record;
  unmerged boolean;
  dropped integer := 0;
BEGIN
  FOR part IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'accounting_record'::regclass AND c.relname ~ '^record_[0-9]{8}$'
      AND to_date(substr(c.relname, 8), 'YYYYMMDD') < first
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM accounting.%I WHERE merged_at IS NULL)', part.relname) INTO unmerged;
    CONTINUE WHEN unmerged;
    EXECUTE format('DROP TABLE accounting.%I', part.relname);
    dropped := dropped + 1;
  END LOOP;
  DELETE FROM accounting.record_other WHERE received_on < first AND merged_at IS NOT NULL;
  RETURN dropped;
END
$$;

SELECT ensure_accounting_days(
  coalesce((SELECT min("received_at" AT TIME ZONE 'UTC')::date FROM "accounting_record_before"), (now() AT TIME ZONE 'UTC')::date),
  (now() AT TIME ZONE 'UTC')::date + 8
    - coalesce((SELECT min("received_at" AT TIME ZONE 'UTC')::date FROM "accounting_record_before"), (now() AT TIME ZONE 'UTC')::date));

INSERT INTO "accounting_record" ("received_on", "dedup_key", "router_id", "received_at", "body", "merged_at", "problem")
SELECT ("received_at" AT TIME ZONE 'UTC')::date, "dedup_key", "router_id", "received_at", "body", "merged_at", "problem"
FROM "accounting_record_before";

DROP TABLE "accounting_record_before";

-- Places taken while Redis could not count them.
CREATE UNLOGGED TABLE "device_claim" (
    "entitlement_id" UUID NOT NULL,
    "device" TEXT NOT NULL,
    "session_key" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "device_claim_pkey" PRIMARY KEY ("entitlement_id", "device")
);

CREATE INDEX "device_claim_expires_at_idx" ON "device_claim"("expires_at");

-- Counts the devices on an entitlement and takes a place for one, as one step: whoever comes meanwhile waits for the lock, and
-- each statement after it sees what was committed before. `also_held`: devices that the caller let in a moment ago, of which no
-- session tells yet. `changed`: the customer is not as the caller knows them any more.
CREATE FUNCTION take_device_place(
  of_customer uuid, of_revision bigint, of_entitlement uuid, for_device text, for_session text, places integer, for_ms bigint,
  also_held text[]
) RETURNS TABLE (outcome text, used_octets bigint, used_seconds bigint) LANGUAGE plpgsql AS $$
DECLARE
  known_revision bigint;
  taken integer;
BEGIN
  -- A claim lost in a crash is told again by accounting: not worth a wait for the disk.
  SET LOCAL synchronous_commit = off;
  PERFORM pg_advisory_xact_lock(hashtextextended(of_entitlement::text, 0));
  SELECT c.revision INTO known_revision FROM customer c WHERE c.id = of_customer;
  IF known_revision IS DISTINCT FROM of_revision THEN
    RETURN QUERY SELECT 'changed'::text, 0::bigint, 0::bigint;
    RETURN;
  END IF;
  SELECT count(*) INTO taken FROM (
    SELECT coalesce(s.calling_station_id, s.key) AS device FROM session s
    WHERE s.entitlement_id = of_entitlement AND s.state IN ('open', 'closing')
    UNION
    SELECT d.device FROM device_claim d
    WHERE d.entitlement_id = of_entitlement AND d.expires_at > clock_timestamp()
      AND NOT EXISTS (SELECT FROM session s WHERE s.key = d.session_key AND s.state = 'closed')
    UNION
    SELECT unnest(also_held)
  ) held WHERE held.device <> for_device;
  IF taken >= places THEN
    RETURN QUERY SELECT 'full'::text, e.used_octets, e.used_seconds FROM entitlement e WHERE e.id = of_entitlement;
    RETURN;
  END IF;
  INSERT INTO device_claim AS d (entitlement_id, device, session_key, expires_at)
  VALUES (of_entitlement, for_device, for_session, clock_timestamp() + for_ms * interval '1 millisecond')
  ON CONFLICT (entitlement_id, device)
  DO UPDATE SET session_key = excluded.session_key, expires_at = excluded.expires_at;
  -- Last, and past what others hold: two who waited for each other's old claims would wait for ever.
  DELETE FROM device_claim WHERE ctid IN (
    SELECT d.ctid FROM device_claim d WHERE d.expires_at < clock_timestamp() LIMIT 5 FOR UPDATE SKIP LOCKED);
  RETURN QUERY SELECT 'granted'::text, e.used_octets, e.used_seconds FROM entitlement e WHERE e.id = of_entitlement;
END
$$;
