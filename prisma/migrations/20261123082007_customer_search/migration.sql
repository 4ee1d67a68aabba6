-- Parts of usernames and phone numbers are found by their trigrams. The extension comes with PostgreSQL and needs no superuser,
-- but a server may be without it or forbid it: then searches read the whole table, which is slower and just as right.
DO $$
DECLARE
  place text;
BEGIN
  BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'customers are searched without an index on parts of names: pg_trgm is not to be had here (%)', SQLERRM;
  END;
  SELECT n.nspname INTO place FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
  IF place IS NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE INDEX IF NOT EXISTS customer_username_part ON customer USING gin (lower(username COLLATE "C") %I.gin_trgm_ops)', place);
  EXECUTE format('CREATE INDEX IF NOT EXISTS customer_msisdn_part ON customer USING gin (msisdn %I.gin_trgm_ops) WHERE msisdn IS NOT NULL', place);
END $$;

CREATE INDEX "customer_email" ON "customer"("email") WHERE "email" IS NOT NULL;
