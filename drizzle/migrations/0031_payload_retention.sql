ALTER TABLE "dead_letter_body" ADD COLUMN "payload_removed_at" timestamptz;--> statement-breakpoint
ALTER TABLE "dead_letter_body" ADD COLUMN "payload_removed_under" text;--> statement-breakpoint
ALTER TABLE "dead_letter_group" ADD COLUMN "payloads_gone_before" timestamptz;