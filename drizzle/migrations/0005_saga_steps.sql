CREATE TABLE "compensation_hour" (
	"zone_id" text NOT NULL,
	"hour" timestamptz NOT NULL,
	"saga_type" text NOT NULL,
	"name" text NOT NULL,
	"succeeded" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "compensation_hour_zone_id_hour_saga_type_name_pk" PRIMARY KEY("zone_id","hour","saga_type","name")
);
--> statement-breakpoint
CREATE TABLE "saga_step" (
	"source_id" text NOT NULL,
	"saga_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"compensates" integer,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"deadline_at" timestamptz,
	"started_at" timestamptz,
	"ended_at" timestamptz,
	"error_type" text,
	"error_message" text,
	CONSTRAINT "saga_step_source_id_saga_id_position_pk" PRIMARY KEY("source_id","saga_id","position")
);
--> statement-breakpoint
DROP INDEX "saga_zone_started";--> statement-breakpoint
ALTER TABLE "saga" ADD COLUMN "steps_at" timestamptz;--> statement-breakpoint
CREATE INDEX "saga_running" ON "saga" USING btree ("zone_id",coalesce(deadline_at, 'infinity'::timestamptz),"source_id","saga_id") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "saga_undoing" ON "saga" USING btree ("zone_id",coalesce(deadline_at, 'infinity'::timestamptz),"source_id","saga_id") WHERE state in ('compensating', 'failed');--> statement-breakpoint
CREATE INDEX "saga_held" ON "saga" USING btree ("zone_id",coalesce(deadline_at, 'infinity'::timestamptz),"source_id","saga_id") WHERE hold_until is not null;--> statement-breakpoint
CREATE INDEX "saga_ended" ON "saga" USING btree ("zone_id","ended_at","source_id","saga_id") WHERE ended_at is not null and steps_at is not null;--> statement-breakpoint
INSERT INTO compensation_hour (zone_id, hour, saga_type, name, succeeded, failed)
SELECT zone_id, date_trunc('hour', minute), saga_type, name, sum(succeeded), sum(failed) FROM compensation_count GROUP BY 1, 2, 3, 4;
