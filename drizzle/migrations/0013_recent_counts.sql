CREATE TABLE "recent_count" (
	"at" timestamptz NOT NULL,
	"source_id" text NOT NULL,
	"consumer" text NOT NULL,
	"event_type" text NOT NULL,
	"measure" text NOT NULL,
	"detail" text NOT NULL,
	"n" bigint NOT NULL,
	"last_at" timestamptz NOT NULL,
	CONSTRAINT "recent_count_at_source_id_consumer_event_type_measure_detail_pk" PRIMARY KEY("at","source_id","consumer","event_type","measure","detail")
);
--> statement-breakpoint
ALTER TABLE "unresolved" ADD COLUMN "waits_for" bigint;--> statement-breakpoint
ALTER TABLE "source_look" ADD COLUMN "times_off_ms" double precision;--> statement-breakpoint
ALTER TABLE "source_look" ADD COLUMN "times_off_at" timestamptz;