-- AlterTable
ALTER TABLE "entitlement" ADD COLUMN     "traceparent" TEXT;

-- AlterTable
ALTER TABLE "outbox_message" ADD COLUMN     "traceparent" TEXT;

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "traceparent" TEXT;
