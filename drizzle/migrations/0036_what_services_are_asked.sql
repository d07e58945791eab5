CREATE TABLE "operation_call" (
	"operation_id" bigint NOT NULL,
	"item" integer NOT NULL,
	"calls" integer NOT NULL,
	"called_at" timestamptz NOT NULL,
	"answer" text NOT NULL,
	"words" text NOT NULL,
	"answered_at" timestamptz,
	"seen_at" timestamptz,
	"next_at" timestamptz,
	CONSTRAINT "operation_call_operation_id_item_pk" PRIMARY KEY("operation_id","item")
);
--> statement-breakpoint
ALTER TABLE "operation_chunk" ADD COLUMN "moved_at" timestamptz;