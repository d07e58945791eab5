ALTER TABLE "source_look" RENAME TO "source_status";--> statement-breakpoint
ALTER TABLE "source_status" RENAME CONSTRAINT "source_look_pkey" TO "source_status_pkey";--> statement-breakpoint
ALTER TABLE "source_status" RENAME COLUMN "look_ms" TO "poll_ms";--> statement-breakpoint
ALTER TABLE "source_status" RENAME COLUMN "next_look_at" TO "next_poll_at";--> statement-breakpoint
UPDATE "source_status" SET "cursor" = ("cursor" - 'meaning') || jsonb_build_object('contractHash', "cursor"->'meaning') WHERE "cursor" ? 'meaning';--> statement-breakpoint
ALTER TABLE "worker" RENAME COLUMN "beat_at" TO "heartbeat_at";--> statement-breakpoint
ALTER TABLE "deploy" RENAME COLUMN "told_by" TO "reported_by";--> statement-breakpoint
ALTER TABLE "divergence" RENAME COLUMN "authority_print" TO "authority_digest";--> statement-breakpoint
ALTER TABLE "divergence" RENAME COLUMN "projection_print" TO "projection_digest";--> statement-breakpoint
UPDATE "divergence" SET "state" = 'candidate' WHERE "state" = 'suspect';--> statement-breakpoint
ALTER TABLE "reconciliation_rule" RENAME COLUMN "meaning" TO "contract_hash";--> statement-breakpoint
ALTER TABLE "reconciliation_rule" RENAME COLUMN "place" TO "cursor";--> statement-breakpoint
ALTER TABLE "reconciliation_rule" RENAME COLUMN "suspects_n" TO "candidates_n";--> statement-breakpoint
ALTER TABLE "reconciliation_rule" RENAME COLUMN "mass_since" TO "bulk_since";--> statement-breakpoint
ALTER TABLE "reconciliation_rule" RENAME COLUMN "mass_n" TO "bulk_n";--> statement-breakpoint
ALTER TABLE "reconciliation_rule" RENAME COLUMN "wish_key" TO "request_key";--> statement-breakpoint
UPDATE "reconciliation_rule" SET "cursor" = ("cursor" - 'suspectsN') || jsonb_build_object('candidatesN', "cursor"->'suspectsN') WHERE "cursor" ? 'suspectsN';
