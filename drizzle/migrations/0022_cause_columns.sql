DROP INDEX "case_one";--> statement-breakpoint
DROP INDEX "case_cause";--> statement-breakpoint
ALTER TABLE "case_file" ADD COLUMN "cause_part" text DEFAULT '' NOT NULL;--> statement-breakpoint
-- What was one text is split where it was joined: rules, types of sagas and groups have no stroke in their names.
UPDATE "case_file" SET "cause_part" = substr("cause_ref", strpos("cause_ref", '/') + 1), "cause_ref" = split_part("cause_ref", '/', 1)
  WHERE "cause_kind" IN ('saga', 'divergence', 'lag') AND strpos("cause_ref", '/') > 0;--> statement-breakpoint
CREATE UNIQUE INDEX "case_one" ON "case_file" USING btree ("zone_id","cause_kind","cause_ref","cause_part") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "case_cause" ON "case_file" USING btree ("zone_id","cause_kind","cause_ref","cause_part","case_id" DESC NULLS FIRST);
