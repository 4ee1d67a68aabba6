-- CreateEnum
CREATE TYPE "RunKind" AS ENUM ('deploy', 'rollback');

-- AlterTable
ALTER TABLE "provisioning_run" ADD COLUMN     "cleared_at" TIMESTAMPTZ(3),
ADD COLUMN     "kind" "RunKind" NOT NULL DEFAULT 'deploy',
ADD COLUMN     "replaced" JSONB,
ADD COLUMN     "undoes_run_id" UUID;
