ALTER TABLE "reconciliation_rule" ADD COLUMN "meaning" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "reconciliation_rule" ADD COLUMN "retry_at" timestamptz;--> statement-breakpoint
CREATE INDEX "divergence_open_kind" ON "divergence" USING btree ("zone_id","rule","kind","since") WHERE state = 'open';