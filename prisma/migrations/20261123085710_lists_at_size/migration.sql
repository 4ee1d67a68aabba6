-- For lists whose filter finds little in a large table: without them a page reads all of it. Writes to these tables wait while an
-- index is built, which takes some seconds for a million rows.
-- CreateIndex
CREATE INDEX "ledger_entry_kind_id_idx" ON "ledger_entry"("kind", "id");

-- CreateIndex
CREATE INDEX "payment_provider_id_idx" ON "payment"("provider", "id");

-- CreateIndex
CREATE INDEX "payment_paid_msisdn_idx" ON "payment"("paid_msisdn");

-- CreateIndex
CREATE INDEX "voucher_state_expires_at_idx" ON "voucher"("state", "expires_at");
