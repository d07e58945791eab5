ALTER TABLE "reconciliation_rule" ADD COLUMN "covered_at" timestamptz;--> statement-breakpoint
UPDATE reconciliation_rule SET covered_at = ran_at WHERE coverage = 1;
