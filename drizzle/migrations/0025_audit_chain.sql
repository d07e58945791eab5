CREATE TABLE "audit_link" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"entry_id" bigint NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_link_entry" UNIQUE("entry_id")
);
--> statement-breakpoint
CREATE TABLE "audit_verification" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"at" timestamptz NOT NULL,
	"entries_n" bigint NOT NULL,
	"head" text,
	"broken_entry" bigint,
	"why" text
);
--> statement-breakpoint
-- What stands already was taken when it says, as far as anybody can tell.
ALTER TABLE "audit_entry" ADD COLUMN "recorded_at" timestamptz;--> statement-breakpoint
ALTER TABLE "audit_entry" DISABLE TRIGGER audit_entry_append_only;--> statement-breakpoint
UPDATE "audit_entry" SET "recorded_at" = "at";--> statement-breakpoint
ALTER TABLE "audit_entry" ENABLE TRIGGER audit_entry_append_only;--> statement-breakpoint
ALTER TABLE "audit_entry" ALTER COLUMN "recorded_at" SET DEFAULT clock_timestamp(), ALTER COLUMN "recorded_at" SET NOT NULL;--> statement-breakpoint
CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_link"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();--> statement-breakpoint
-- SHA-256 over the hash of the link before and everything that the entry says, times in whole microseconds.
CREATE FUNCTION audit_hash(previous text, e audit_entry) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(coalesce(previous, '') || jsonb_build_array(e.id, (extract(epoch from e.at) * 1000000)::bigint,
    (extract(epoch from e.recorded_at) * 1000000)::bigint, e.actor_kind, e.operator_id, e.actor_name, e.session_id, e.action, e.target_kind,
    e.target_id, e.zones, e.result, e.reason, e.detail, e.entry_key)::text, 'UTF8')), 'hex')
$$;--> statement-breakpoint
-- Links the entries that have none yet, a bounded number at once; one at a time, whoever calls. A number is given before its entry is
-- committed, so that one may come after a higher one: entries are linked in the order in which they are seen.
CREATE FUNCTION link_audit(most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  e audit_entry;
  last_seq bigint;
  last_hash text;
  linked int := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(4127031) THEN RETURN 0; END IF;
  SELECT seq, hash INTO last_seq, last_hash FROM audit_link ORDER BY seq DESC LIMIT 1;
  FOR e IN SELECT a.* FROM audit_entry a
      WHERE a.id > coalesce((SELECT max(entry_id) FROM audit_link), 0) - 20000 AND NOT EXISTS (SELECT FROM audit_link l WHERE l.entry_id = a.id)
      ORDER BY a.id LIMIT most LOOP
    last_hash := audit_hash(last_hash, e);
    last_seq := coalesce(last_seq, 0) + 1;
    INSERT INTO audit_link VALUES (last_seq, e.id, last_hash);
    linked := linked + 1;
  END LOOP;
  RETURN linked;
END
$$;