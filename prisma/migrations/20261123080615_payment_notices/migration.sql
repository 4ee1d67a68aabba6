-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "failed_at" TIMESTAMPTZ(3),
ADD COLUMN     "failure_shown_at" TIMESTAMPTZ(3),
ADD COLUMN     "language" TEXT;
