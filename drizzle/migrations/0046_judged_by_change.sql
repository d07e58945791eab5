CREATE TABLE "open_key_count" (
	"zone_id" text PRIMARY KEY NOT NULL,
	"keys_n" bigint DEFAULT 0 NOT NULL,
	"changes_n" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "dead_letter_group_open" ON "dead_letter_group" USING btree ("open_n" DESC NULLS FIRST,"group_id" DESC NULLS FIRST) WHERE open_n > 0;--> statement-breakpoint
CREATE INDEX "open_key_explained" ON "open_key" USING btree ("zone_id","business_key") WHERE reasons & 2 <> 0 and reasons & 13 <> 0;--> statement-breakpoint
ALTER TABLE "open_key_count" SET (fillfactor = 50);
--> statement-breakpoint
INSERT INTO "open_key_count" ("zone_id", "keys_n") SELECT "zone_id", count(*) FROM "open_key" GROUP BY 1;
--> statement-breakpoint
CREATE FUNCTION count_open_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO open_key_count (zone_id, keys_n) SELECT zone_id, count(*) FROM added GROUP BY 1 ORDER BY 1
      ON CONFLICT (zone_id) DO UPDATE SET keys_n = open_key_count.keys_n + excluded.keys_n;
  ELSE
    UPDATE open_key_count c SET keys_n = c.keys_n - g.n FROM (SELECT zone_id, count(*) AS n FROM gone GROUP BY 1) g WHERE g.zone_id = c.zone_id;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER open_key_added AFTER INSERT ON open_key REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_open_keys();
--> statement-breakpoint
CREATE TRIGGER open_key_gone AFTER DELETE ON open_key REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_open_keys();
