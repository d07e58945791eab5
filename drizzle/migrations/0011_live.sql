ALTER TABLE "source_look" ADD COLUMN "changes_n" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
-- Tells screens that a noun changed: its name and nothing else, since everybody who looks hears it and not everybody may see every zone.
-- The same name is told once a transaction. A commit that tells waits for the one before it, so this is for tables that change a few
-- times a second, not for those that are filled by thousands.
CREATE FUNCTION notify_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM touched) THEN PERFORM pg_notify('accord_live', TG_ARGV[0]); END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- Has a table tell its noun with every statement that touches a row. For migrations: SELECT tell_live('<table>', '<noun>');
CREATE FUNCTION tell_live(source regclass, noun text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER live_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION notify_live(%L)', source, noun);
  EXECUTE format('CREATE TRIGGER live_update AFTER UPDATE ON %s REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION notify_live(%L)', source, noun);
  EXECUTE format('CREATE TRIGGER live_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION notify_live(%L)', source, noun);
END
$$;
--> statement-breakpoint
SELECT tell_live(source::regclass, noun) FROM (VALUES ('zone_status', 'zones'), ('dead_letter_group', 'dead-letters'),
  ('operation', 'operations'), ('operation_chunk', 'operations'), ('operation_event', 'operations'), ('approval', 'approvals'), ('approval_vote', 'approvals'),
  ('saga', 'sagas'), ('saga_step', 'sagas'), ('saga_compensation', 'sagas'), ('divergence', 'divergences'), ('reconciliation_rule', 'divergences'),
  ('audit_entry', 'audit'), ('source', 'sources'), ('zone', 'contracts'),
  ('contract_revision', 'contracts'), ('contract_application', 'contracts')) AS told (source, noun);
--> statement-breakpoint
-- A look writes its row every two seconds; only what a look finds out about the source itself is news.
CREATE FUNCTION notify_live_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('accord_live', TG_ARGV[0]);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER live_state AFTER UPDATE ON source_look FOR EACH ROW
  WHEN (OLD.error IS DISTINCT FROM NEW.error OR OLD.identity IS DISTINCT FROM NEW.identity OR OLD.backlog <> NEW.backlog
    OR OLD.reread_at IS DISTINCT FROM NEW.reread_at OR OLD.lease_owner IS DISTINCT FROM NEW.lease_owner)
  EXECUTE FUNCTION notify_live_row('sources');
