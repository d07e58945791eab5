ALTER TABLE "dead_letter" ALTER COLUMN "source_seq" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "dead_letter" ALTER COLUMN "message_id" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "dead_letter_history" ALTER COLUMN "source_seq" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "dead_letter_history" ALTER COLUMN "message_id" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "delivery_seen" ALTER COLUMN "message_id" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "operation_item" ALTER COLUMN "source_seq" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "operation_item" ALTER COLUMN "message_id" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "saga" ALTER COLUMN "saga_id" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "saga_compensation" ALTER COLUMN "saga_id" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "saga_hold_item" ALTER COLUMN "saga_id" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "saga_step" ALTER COLUMN "saga_id" SET DATA TYPE text;--> statement-breakpoint
ALTER TABLE "dead_letter" ADD COLUMN "source_mark" text;--> statement-breakpoint
ALTER TABLE "dead_letter_body" ADD COLUMN "expires_at" timestamptz;--> statement-breakpoint
ALTER TABLE "operation_item" ADD COLUMN "source_mark" text;