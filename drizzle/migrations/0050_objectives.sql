CREATE TABLE "objective_cause" (
	"zone_id" text NOT NULL,
	"at" timestamptz NOT NULL,
	"cause" text NOT NULL,
	"consumer" text NOT NULL,
	"event_type" text NOT NULL,
	"missed_n" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "objective_cause_zone_id_at_cause_consumer_event_type_pk" PRIMARY KEY("zone_id","at","cause","consumer","event_type")
);
--> statement-breakpoint
CREATE TABLE "objective_count" (
	"level_s" integer NOT NULL,
	"zone_id" text NOT NULL,
	"measure" text NOT NULL,
	"consumer" text NOT NULL,
	"event_type" text NOT NULL,
	"at" timestamptz NOT NULL,
	"kept_n" bigint DEFAULT 0 NOT NULL,
	"fifth_n" bigint DEFAULT 0 NOT NULL,
	"missed_n" bigint DEFAULT 0 NOT NULL,
	"late_n" bigint DEFAULT 0 NOT NULL,
	"double_n" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "objective_count_level_s_zone_id_measure_consumer_event_type_at_pk" PRIMARY KEY("level_s","zone_id","measure","consumer","event_type","at")
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE "delivery_seen" ADD COLUMN "processed_at" timestamptz;--> statement-breakpoint
ALTER TABLE "delivery_seen" ADD COLUMN "counted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- What was open before anything counted is not counted.
ALTER TABLE "unresolved" ADD COLUMN "missed" text DEFAULT 'before';--> statement-breakpoint
ALTER TABLE "unresolved" ALTER COLUMN "missed" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "unresolved" ADD COLUMN "retold" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "objective_count_minute" ON "objective_count" USING btree ("at") WHERE level_s = 60;--> statement-breakpoint
CREATE INDEX "unresolved_not_missed" ON "unresolved" USING btree ("source_id","zone_id","since") WHERE reason = 'undelivered' and confirmed and missed is null;