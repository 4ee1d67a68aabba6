-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "OperatorRole" AS ENUM ('owner', 'admin', 'support', 'viewer');

-- CreateEnum
CREATE TYPE "AuthTokenKind" AS ENUM ('session', 'api');

-- CreateEnum
CREATE TYPE "RouterStatus" AS ENUM ('pending', 'online', 'offline');

-- CreateEnum
CREATE TYPE "DeploymentState" AS ENUM ('not_started', 'planned', 'deploying', 'verifying', 'active', 'failed', 'waiting_for_operator', 'drifted');

-- CreateEnum
CREATE TYPE "MessageAuthenticatorPolicy" AS ENUM ('required', 'optional');

-- CreateEnum
CREATE TYPE "RunState" AS ENUM ('queued', 'connecting', 'preflight', 'backup', 'planning', 'applying', 'verifying', 'succeeded', 'failed', 'rolling_back', 'rolled_back', 'rollback_failed', 'waiting_for_operator', 'cancelled');

-- CreateEnum
CREATE TYPE "JournalState" AS ENUM ('intended', 'done', 'undone');

-- CreateEnum
CREATE TYPE "ServiceType" AS ENUM ('hotspot', 'pppoe');

-- CreateEnum
CREATE TYPE "CustomerStatus" AS ENUM ('active', 'suspended');

-- CreateEnum
CREATE TYPE "EntitlementState" AS ENUM ('pending', 'active', 'expired', 'exhausted', 'suspended', 'refunded');

-- CreateEnum
CREATE TYPE "SessionState" AS ENUM ('open', 'closing', 'closed', 'stale');

-- CreateEnum
CREATE TYPE "SessionCommandState" AS ENUM ('queued', 'sent', 'acknowledged', 'already_gone', 'refused', 'unanswered');

-- CreateTable
CREATE TABLE "operator" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "OperatorRole" NOT NULL,
    "password_hash" TEXT NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "operator_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_token" (
    "id" UUID NOT NULL,
    "operator_id" UUID NOT NULL,
    "kind" "AuthTokenKind" NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "auth_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "request_id" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',
    "previous" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "body" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("actor","key")
);

-- CreateTable
CREATE TABLE "router" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "status" "RouterStatus" NOT NULL DEFAULT 'pending',
    "deployment" "DeploymentState" NOT NULL DEFAULT 'not_started',
    "address" TEXT,
    "api_port" INTEGER NOT NULL,
    "api_username" TEXT NOT NULL,
    "api_password" TEXT NOT NULL,
    "tls" BOOLEAN NOT NULL DEFAULT false,
    "tls_fingerprint" TEXT,
    "nas_address" TEXT,
    "nas_identifier" TEXT,
    "radius_secret" TEXT NOT NULL,
    "message_authenticator" "MessageAuthenticatorPolicy" NOT NULL DEFAULT 'required',
    "bootstrap_token_hash" TEXT,
    "version" TEXT,
    "model" TEXT,
    "serial" TEXT,
    "identity" TEXT,
    "last_seen_at" TIMESTAMPTZ(3),
    "last_checked_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "login_failures" INTEGER NOT NULL DEFAULT 0,
    "deployed_services" JSONB,
    "deployed_secret_fingerprint" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "router_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "router_lease" (
    "router_id" UUID NOT NULL,
    "token" BIGINT NOT NULL DEFAULT 0,
    "holder" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "router_lease_pkey" PRIMARY KEY ("router_id")
);

-- CreateTable
CREATE TABLE "provisioning_run" (
    "id" UUID NOT NULL,
    "router_id" UUID NOT NULL,
    "state" "RunState" NOT NULL DEFAULT 'queued',
    "stage" TEXT NOT NULL DEFAULT 'waiting for a worker',
    "percent" INTEGER NOT NULL DEFAULT 0,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "writes" INTEGER NOT NULL DEFAULT 0,
    "services" JSONB NOT NULL,
    "error" JSONB,
    "backup" JSONB,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "progress_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "provisioning_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "journal_entry" (
    "run_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "op" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "ros_id" TEXT,
    "changes" JSONB NOT NULL,
    "before" JSONB,
    "successor" TEXT,
    "state" "JournalState" NOT NULL DEFAULT 'intended',
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "journal_entry_pkey" PRIMARY KEY ("run_id","seq")
);

-- CreateTable
CREATE TABLE "outbox_message" (
    "id" UUID NOT NULL,
    "job" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "package" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" "ServiceType" NOT NULL,
    "price_minor" INTEGER NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "valid_for_seconds" INTEGER NOT NULL,
    "down_kbps" INTEGER NOT NULL,
    "up_kbps" INTEGER NOT NULL,
    "quota_octets" BIGINT,
    "devices" INTEGER NOT NULL DEFAULT 1,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "package_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer" (
    "id" UUID NOT NULL,
    "username" TEXT NOT NULL,
    "msisdn" TEXT,
    "password" TEXT NOT NULL,
    "status" "CustomerStatus" NOT NULL DEFAULT 'active',
    "revision" BIGINT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entitlement" (
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "package_id" UUID NOT NULL,
    "package_name" TEXT NOT NULL,
    "type" "ServiceType" NOT NULL,
    "state" "EntitlementState" NOT NULL DEFAULT 'active',
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "down_kbps" INTEGER NOT NULL,
    "up_kbps" INTEGER NOT NULL,
    "quota_octets" BIGINT,
    "used_octets" BIGINT NOT NULL DEFAULT 0,
    "used_seconds" BIGINT NOT NULL DEFAULT 0,
    "devices" INTEGER NOT NULL,
    "granted_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "entitlement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "acct_session_id" TEXT NOT NULL,
    "router_id" UUID NOT NULL,
    "customer_id" UUID,
    "entitlement_id" UUID,
    "username" TEXT NOT NULL,
    "framed_ip_address" TEXT,
    "calling_station_id" TEXT,
    "called_station_id" TEXT,
    "nas_port_id" TEXT,
    "state" "SessionState" NOT NULL DEFAULT 'open',
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "stopped_at" TIMESTAMPTZ(3),
    "session_seconds" INTEGER NOT NULL DEFAULT 0,
    "input_octets" BIGINT NOT NULL DEFAULT 0,
    "output_octets" BIGINT NOT NULL DEFAULT 0,
    "terminate_cause" INTEGER,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_command" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" "SessionCommandState" NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error_cause" INTEGER,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_command_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounting_record" (
    "dedup_key" TEXT NOT NULL,
    "router_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "body" JSONB NOT NULL,
    "merged_at" TIMESTAMPTZ(3),
    "problem" TEXT,

    CONSTRAINT "accounting_record_pkey" PRIMARY KEY ("dedup_key")
);

-- CreateIndex
CREATE UNIQUE INDEX "operator_email_key" ON "operator"("email");

-- CreateIndex
CREATE UNIQUE INDEX "auth_token_hash_key" ON "auth_token"("hash");

-- CreateIndex
CREATE INDEX "auth_token_operator_id_idx" ON "auth_token"("operator_id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entry_hash_key" ON "audit_entry"("hash");

-- CreateIndex
CREATE INDEX "audit_entry_subject_type_subject_id_idx" ON "audit_entry"("subject_type", "subject_id");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "router_name_key" ON "router"("name");

-- CreateIndex
CREATE UNIQUE INDEX "router_bootstrap_token_hash_key" ON "router"("bootstrap_token_hash");

-- CreateIndex
CREATE INDEX "router_nas_address_idx" ON "router"("nas_address");

-- CreateIndex
CREATE INDEX "provisioning_run_router_id_created_at_idx" ON "provisioning_run"("router_id", "created_at");

-- CreateIndex
CREATE INDEX "provisioning_run_state_idx" ON "provisioning_run"("state");

-- CreateIndex
CREATE UNIQUE INDEX "package_name_key" ON "package"("name");

-- CreateIndex
CREATE UNIQUE INDEX "customer_username_key" ON "customer"("username");

-- CreateIndex
CREATE UNIQUE INDEX "customer_msisdn_key" ON "customer"("msisdn");

-- CreateIndex
CREATE INDEX "entitlement_customer_id_ends_at_idx" ON "entitlement"("customer_id", "ends_at");

-- CreateIndex
CREATE INDEX "entitlement_state_ends_at_idx" ON "entitlement"("state", "ends_at");

-- CreateIndex
CREATE UNIQUE INDEX "session_key_key" ON "session"("key");

-- CreateIndex
CREATE INDEX "session_state_started_at_idx" ON "session"("state", "started_at");

-- CreateIndex
CREATE INDEX "session_username_started_at_idx" ON "session"("username", "started_at");

-- CreateIndex
CREATE INDEX "session_router_id_state_idx" ON "session"("router_id", "state");

-- CreateIndex
CREATE INDEX "session_entitlement_id_idx" ON "session"("entitlement_id");

-- CreateIndex
CREATE INDEX "session_command_session_id_idx" ON "session_command"("session_id");

-- CreateIndex
CREATE INDEX "accounting_record_received_at_idx" ON "accounting_record"("received_at");

-- AddForeignKey
ALTER TABLE "auth_token" ADD CONSTRAINT "auth_token_operator_id_fkey" FOREIGN KEY ("operator_id") REFERENCES "operator"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "router_lease" ADD CONSTRAINT "router_lease_router_id_fkey" FOREIGN KEY ("router_id") REFERENCES "router"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "provisioning_run" ADD CONSTRAINT "provisioning_run_router_id_fkey" FOREIGN KEY ("router_id") REFERENCES "router"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "journal_entry" ADD CONSTRAINT "journal_entry_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "provisioning_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entitlement" ADD CONSTRAINT "entitlement_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "entitlement" ADD CONSTRAINT "entitlement_package_id_fkey" FOREIGN KEY ("package_id") REFERENCES "package"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_router_id_fkey" FOREIGN KEY ("router_id") REFERENCES "router"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_entitlement_id_fkey" FOREIGN KEY ("entitlement_id") REFERENCES "entitlement"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_command" ADD CONSTRAINT "session_command_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Two runs never hold one router: the second INSERT fails, whatever process it comes from.
CREATE UNIQUE INDEX "provisioning_run_one_active" ON "provisioning_run"("router_id")
  WHERE "state" NOT IN ('succeeded', 'failed', 'rolled_back', 'rollback_failed', 'cancelled');

-- What the relay and the accounting drain look for; small because published and merged rows are not in it.
CREATE INDEX "outbox_message_waiting" ON "outbox_message"("created_at") WHERE "published_at" IS NULL;
CREATE INDEX "accounting_record_unmerged" ON "accounting_record"("received_at") WHERE "merged_at" IS NULL AND "problem" IS NULL;

-- The audit trail is append-only, also for us.
CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_entry is append-only';
END
$$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only();

-- Adds one entry to the chain. All in one call, because the chain is locked from here until the transaction ends: each round
-- trip in between would make every other change wait. `canonical` is the entry's content as text, the same for whoever verifies.
CREATE FUNCTION append_audit(actor text, action text, subject_type text, subject_id text, request_id text, details jsonb, canonical text)
  RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  entry_id bigint;
  entry_at timestamptz(3);
  head text;
BEGIN
  -- A statement sees what was committed before it began: the lock has to be had before the head of the chain is read.
  PERFORM pg_advisory_xact_lock(7416001);
  SELECT e.hash INTO head FROM audit_entry e ORDER BY e.id DESC LIMIT 1;
  head := coalesce(head, repeat('0', 64));
  entry_id := nextval(pg_get_serial_sequence('audit_entry', 'id'));
  entry_at := date_trunc('milliseconds', clock_timestamp());
  INSERT INTO audit_entry (id, at, actor, action, subject_type, subject_id, request_id, details, previous, hash)
  VALUES (entry_id, entry_at, actor, action, subject_type, subject_id, request_id, details, head,
    encode(sha256(convert_to(head || E'\n' || entry_id || E'\n'
      || to_char(entry_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || E'\n' || canonical, 'UTF8')), 'hex'));
END
$$;
