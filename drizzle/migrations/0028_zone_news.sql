ALTER TABLE "zone_status" ADD COLUMN "news" text DEFAULT '' NOT NULL;
--> statement-breakpoint
-- Every round writes every zone's row; open screens hear of those only that found something which they must show at once (see newsOf).
DROP TRIGGER live_update ON zone_status;
--> statement-breakpoint
CREATE TRIGGER live_state AFTER UPDATE ON zone_status FOR EACH ROW
  WHEN (OLD.news IS DISTINCT FROM NEW.news)
  EXECUTE FUNCTION notify_live_row('zones');
