CREATE TABLE "dead_letter_closed" (
	"source_id" text NOT NULL,
	"source_seq" text NOT NULL,
	"dead_letter" bigint NOT NULL,
	"message_id" text NOT NULL,
	"parked_at" timestamptz NOT NULL,
	"attempts" integer NOT NULL,
	"source_mark" text,
	"written" boolean NOT NULL,
	CONSTRAINT "dead_letter_closed_source_id_source_seq_pk" PRIMARY KEY("source_id","source_seq")
);
--> statement-breakpoint
CREATE TABLE "payload_look" (
	"look_id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"source_id" text NOT NULL,
	"source_seq" text NOT NULL,
	"consumer" text NOT NULL,
	"message_id" text NOT NULL,
	"asked_at" timestamptz NOT NULL,
	"taken_at" timestamptz,
	"answered_at" timestamptz,
	"payload" text,
	"headers" text,
	"payload_bytes" bigint,
	"problem" text
);
--> statement-breakpoint
ALTER TABLE "dead_letter_history" ADD COLUMN "closed_by" bigint;--> statement-breakpoint
ALTER TABLE "dead_letter_history" ADD COLUMN "code" text;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "code" text;--> statement-breakpoint
ALTER TABLE "operation" ADD COLUMN "evidence" text;--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letter_closed_letter" ON "dead_letter_closed" USING btree ("dead_letter");--> statement-breakpoint
CREATE INDEX "payload_look_waits" ON "payload_look" USING btree ("asked_at") WHERE answered_at is null;--> statement-breakpoint
CREATE INDEX "dead_letter_history_code" ON "dead_letter_history" USING btree ("code","closed_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE code is not null;