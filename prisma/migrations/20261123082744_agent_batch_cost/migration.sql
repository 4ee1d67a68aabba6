-- AlterTable
ALTER TABLE "voucher_batch" ADD COLUMN     "debited_minor" BIGINT;

-- What was sold before is in the audit trail.
UPDATE "voucher_batch" b
SET "debited_minor" = (a.details ->> 'totalMinor')::bigint - (a.details ->> 'commissionMinor')::bigint
FROM "audit_entry" a
WHERE a.action = 'agent.sale' AND a.details ->> 'batchId' = b.id::text AND b.agent_id IS NOT NULL;
