-- The chain was locked from the moment an entry was told until its transaction had ended, all the time that the program in between
-- took: every change of every operator waited for every other. Now an entry is drafted, and joins the chain while its transaction
-- commits; the lock is held for that alone.

-- CreateTable
CREATE UNLOGGED TABLE "audit_draft" (
    "id" BIGSERIAL NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "request_id" TEXT,
    "details" JSONB NOT NULL,
    "canonical" TEXT NOT NULL,

    CONSTRAINT "audit_draft_pkey" PRIMARY KEY ("id")
);

-- `canonical` is the entry's content as text, the same for whoever verifies.
CREATE OR REPLACE FUNCTION append_audit(actor text, action text, subject_type text, subject_id text, request_id text, details jsonb, canonical text)
  RETURNS void LANGUAGE sql AS $$
  INSERT INTO audit_draft (actor, action, subject_type, subject_id, request_id, details, canonical)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
$$;

CREATE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
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
  VALUES (entry_id, entry_at, NEW.actor, NEW.action, NEW.subject_type, NEW.subject_id, NEW.request_id, NEW.details, head,
    encode(sha256(convert_to(head || E'\n' || entry_id || E'\n'
      || to_char(entry_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || E'\n' || NEW.canonical, 'UTF8')), 'hex'));
  DELETE FROM audit_draft d WHERE d.id = NEW.id;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER audit_draft_committed AFTER INSERT ON "audit_draft"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chain_audit_entry();
