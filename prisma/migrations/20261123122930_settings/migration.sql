-- CreateTable
CREATE TABLE "setting" (
    "group" TEXT NOT NULL,
    "values" JSONB NOT NULL,
    "secrets" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("group")
);
