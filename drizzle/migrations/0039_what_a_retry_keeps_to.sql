ALTER TABLE "operation" ADD COLUMN "canary_n" integer;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "watch_ms" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "canary_then" text DEFAULT 'go' NOT NULL;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "canary_ended_at" timestamptz;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "canary_passed_at" timestamptz;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "stop_percent" integer;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "stop_window" integer DEFAULT 20 NOT NULL;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "stop_reason" text;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "judged_n" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "failed_n" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "recent" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "released_n" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "in_flight_max" integer;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "per_second" double precision;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "tokens" double precision DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "tokens_at" timestamptz;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "opens_at" timestamptz;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "undo_until" timestamptz;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "retry_of" bigint;--> statement-breakpoint
ALTER TABLE "operation_chunk" ADD COLUMN "ordered" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "operation_item" ADD COLUMN "after_item" integer;--> statement-breakpoint
-- What is under way was counted nowhere, and its chunks by their place: numbered by their first item, no cut meets another's number.
UPDATE operation o SET released_n = (SELECT coalesce(sum(c.item_to - c.item_from + 1), 0) FROM operation_chunk c WHERE c.operation_id = o.operation_id AND c.state <> 'waiting') WHERE ended_at IS NULL;--> statement-breakpoint
UPDATE operation_chunk c SET chunk = -item_from FROM operation o WHERE o.operation_id = c.operation_id AND o.ended_at IS NULL;--> statement-breakpoint
UPDATE operation_chunk SET chunk = -chunk WHERE chunk < 0;
