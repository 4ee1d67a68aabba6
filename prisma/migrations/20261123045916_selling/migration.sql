-- CreateEnum
CREATE TYPE "ValidFrom" AS ENUM ('purchase', 'first_login');

-- CreateEnum
CREATE TYPE "OnRepeat" AS ENUM ('extend', 'queue', 'upgrade', 'stack');

-- CreateEnum
CREATE TYPE "Visibility" AS ENUM ('public', 'agents', 'hidden');

-- CreateEnum
CREATE TYPE "PaymentState" AS ENUM ('created', 'requested', 'succeeded', 'failed', 'timed_out', 'review');

-- CreateEnum
CREATE TYPE "PaymentMessageState" AS ENUM ('waiting', 'handled', 'ignored');

-- CreateEnum
CREATE TYPE "NotificationState" AS ENUM ('queued', 'sent', 'failed', 'suppressed');

-- AlterEnum
ALTER TYPE "OperatorRole" ADD VALUE 'agent';

-- AlterTable
ALTER TABLE "customer" ADD COLUMN     "email" TEXT,
ADD COLUMN     "erased_at" TIMESTAMPTZ(3),
ADD COLUMN     "language" TEXT NOT NULL DEFAULT 'en',
ADD COLUMN     "notices" BOOLEAN NOT NULL DEFAULT true;

-- AlterTable
ALTER TABLE "entitlement" ADD COLUMN     "burst" JSONB,
ADD COLUMN     "payment_id" UUID,
ADD COLUMN     "valid_for_seconds" INTEGER,
ADD COLUMN     "valid_from" "ValidFrom" NOT NULL DEFAULT 'purchase';

-- AlterTable
ALTER TABLE "package" ADD COLUMN     "burst" JSONB,
ADD COLUMN     "description" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "on_repeat" "OnRepeat" NOT NULL DEFAULT 'extend',
ADD COLUMN     "valid_from" "ValidFrom" NOT NULL DEFAULT 'purchase',
ADD COLUMN     "visibility" "Visibility" NOT NULL DEFAULT 'public';

-- AlterTable
ALTER TABLE "voucher_batch" ADD COLUMN     "agent_id" UUID;

-- CreateTable
CREATE TABLE "payment" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "state" "PaymentState" NOT NULL DEFAULT 'created',
    "purpose" TEXT NOT NULL,
    "customer_id" UUID,
    "agent_id" UUID,
    "package_id" UUID,
    "offer" JSONB,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "msisdn" TEXT,
    "mac" TEXT,
    "router_id" UUID,
    "callback_token_hash" TEXT,
    "provider_request_id" TEXT,
    "receipt" TEXT,
    "paid_minor" BIGINT,
    "paid_msisdn" TEXT,
    "result_code" TEXT,
    "detail" TEXT,
    "checks" INTEGER NOT NULL DEFAULT 0,
    "next_check_at" TIMESTAMPTZ(3),
    "entitlement_id" UUID,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requested_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "refunded_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment_message" (
    "id" UUID NOT NULL,
    "payment_id" UUID,
    "kind" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "source_address" TEXT,
    "state" "PaymentMessageState" NOT NULL DEFAULT 'waiting',
    "outcome" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "handled_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "statement_line" (
    "id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "receipt" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "msisdn" TEXT,
    "account" TEXT,
    "completed_at" TIMESTAMPTZ(3) NOT NULL,
    "payment_id" UUID,
    "verdict" TEXT NOT NULL,
    "imported_by" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "statement_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_account" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "owner" TEXT NOT NULL DEFAULT '',
    "currency" CHAR(3) NOT NULL,
    "balance_minor" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "payment_id" UUID,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_posting" (
    "id" UUID NOT NULL,
    "entry_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "balance_minor" BIGINT NOT NULL,

    CONSTRAINT "ledger_posting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "msisdn" TEXT,
    "commission_basis_points" INTEGER NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "operator_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "agent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "customer_id" UUID,
    "recipient" TEXT NOT NULL,
    "params" JSONB NOT NULL,
    "dedup_key" TEXT NOT NULL,
    "state" "NotificationState" NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "provider_message_id" TEXT,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "payment_reference_key" ON "payment"("reference");

-- CreateIndex
CREATE UNIQUE INDEX "payment_callback_token_hash_key" ON "payment"("callback_token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "payment_provider_request_id_key" ON "payment"("provider_request_id");

-- CreateIndex
CREATE UNIQUE INDEX "payment_receipt_key" ON "payment"("receipt");

-- CreateIndex
CREATE INDEX "payment_state_next_check_at_idx" ON "payment"("state", "next_check_at");

-- CreateIndex
CREATE INDEX "payment_customer_id_created_at_idx" ON "payment"("customer_id", "created_at");

-- CreateIndex
CREATE INDEX "payment_msisdn_created_at_idx" ON "payment"("msisdn", "created_at");

-- CreateIndex
CREATE INDEX "payment_created_at_idx" ON "payment"("created_at");

-- CreateIndex
CREATE INDEX "payment_message_payment_id_created_at_idx" ON "payment_message"("payment_id", "created_at");

-- CreateIndex
CREATE INDEX "payment_message_state_created_at_idx" ON "payment_message"("state", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "statement_line_provider_receipt_key" ON "statement_line"("provider", "receipt");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_account_kind_owner_currency_key" ON "ledger_account"("kind", "owner", "currency");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_key_key" ON "ledger_entry"("key");

-- CreateIndex
CREATE INDEX "ledger_entry_payment_id_idx" ON "ledger_entry"("payment_id");

-- CreateIndex
CREATE INDEX "ledger_entry_created_at_idx" ON "ledger_entry"("created_at");

-- CreateIndex
CREATE INDEX "ledger_posting_account_id_id_idx" ON "ledger_posting"("account_id", "id");

-- CreateIndex
CREATE INDEX "ledger_posting_entry_id_idx" ON "ledger_posting"("entry_id");

-- CreateIndex
CREATE UNIQUE INDEX "agent_msisdn_key" ON "agent"("msisdn");

-- CreateIndex
CREATE UNIQUE INDEX "agent_operator_id_key" ON "agent"("operator_id");

-- CreateIndex
CREATE UNIQUE INDEX "notification_dedup_key_key" ON "notification"("dedup_key");

-- CreateIndex
CREATE INDEX "notification_customer_id_created_at_idx" ON "notification"("customer_id", "created_at");

-- CreateIndex
CREATE INDEX "notification_state_created_at_idx" ON "notification"("state", "created_at");

-- AddForeignKey
ALTER TABLE "voucher_batch" ADD CONSTRAINT "voucher_batch_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_package_id_fkey" FOREIGN KEY ("package_id") REFERENCES "package"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_message" ADD CONSTRAINT "payment_message_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_posting" ADD CONSTRAINT "ledger_posting_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "ledger_entry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_posting" ADD CONSTRAINT "ledger_posting_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "ledger_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_operator_id_fkey" FOREIGN KEY ("operator_id") REFERENCES "operator"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- One push to a phone at a time: a second request would only tell its owner that the first is still open.
CREATE UNIQUE INDEX "payment_one_outstanding" ON "payment"("msisdn")
  WHERE "provider" = 'mpesa' AND "state" IN ('created', 'requested');
CREATE INDEX "payment_due" ON "payment"("next_check_at") WHERE "next_check_at" IS NOT NULL;
CREATE INDEX "payment_message_waiting" ON "payment_message"("created_at") WHERE "state" = 'waiting';
CREATE INDEX "notification_queued" ON "notification"("created_at") WHERE "state" = 'queued';

-- What is in a wallet belongs to somebody: nobody can take out more than there is.
ALTER TABLE "ledger_account" ADD CONSTRAINT "ledger_account_wallets_not_negative"
  CHECK ("kind" NOT IN ('customer_wallet', 'agent_wallet') OR "balance_minor" >= 0);

-- The ledger is append-only, also for us; a mistake is put right by another entry.
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only';
END
$$;
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_posting"
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- An entry moves money from somewhere to somewhere: its postings sum to 0 when its transaction ends.
CREATE FUNCTION ledger_entry_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT sum("amount_minor") FROM "ledger_posting" WHERE "entry_id" = NEW."entry_id") <> 0 THEN
    RAISE EXCEPTION 'ledger entry % does not sum to 0', NEW."entry_id";
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER ledger_posting_balanced AFTER INSERT ON "ledger_posting" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION ledger_entry_must_balance();
