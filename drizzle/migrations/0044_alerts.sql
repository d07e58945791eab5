CREATE TABLE "alert" (
	"alert_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "alert_alert_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"zone_id" text NOT NULL,
	"condition" text NOT NULL,
	"cause" text DEFAULT '' NOT NULL,
	"severity" text NOT NULL,
	"state" text NOT NULL,
	"state_n" integer DEFAULT 0 NOT NULL,
	"since" timestamptz NOT NULL,
	"raised_at" timestamptz,
	"quiet_since" timestamptz,
	"cleared_at" timestamptz,
	"acknowledged_at" timestamptz,
	"acknowledged_by" uuid,
	"acknowledged_by_name" text,
	"level" integer DEFAULT 0 NOT NULL,
	"escalate_at" timestamptz,
	"inhibited_by" bigint,
	"previous_id" bigint,
	"value" double precision,
	"notify" text[] NOT NULL,
	"events_n" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_event" (
	"alert_id" bigint NOT NULL,
	"n" integer NOT NULL,
	"at" timestamptz NOT NULL,
	"kind" text NOT NULL,
	"by_id" uuid,
	"by_name" text NOT NULL,
	"text" jsonb NOT NULL,
	CONSTRAINT "alert_event_alert_id_n_pk" PRIMARY KEY("alert_id","n")
);
--> statement-breakpoint
CREATE TABLE "alert_reading" (
	"zone_id" text NOT NULL,
	"at" timestamptz NOT NULL,
	"reading" jsonb NOT NULL,
	CONSTRAINT "alert_reading_zone_id_at_pk" PRIMARY KEY("zone_id","at")
);
--> statement-breakpoint
CREATE TABLE "alert_unknown" (
	"zone_id" text NOT NULL,
	"condition" text NOT NULL,
	"since" timestamptz NOT NULL,
	"why" text NOT NULL,
	CONSTRAINT "alert_unknown_zone_id_condition_pk" PRIMARY KEY("zone_id","condition")
);
--> statement-breakpoint
CREATE TABLE "silence" (
	"silence_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "silence_silence_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"zone_id" text,
	"condition" text,
	"cause" text,
	"starts_at" timestamptz NOT NULL,
	"ends_at" timestamptz NOT NULL,
	"reason" text NOT NULL,
	"by_id" uuid,
	"by_name" text NOT NULL,
	"created_at" timestamptz NOT NULL,
	"ended_at" timestamptz,
	"ended_by_name" text
);
--> statement-breakpoint
CREATE UNIQUE INDEX "alert_open" ON "alert" USING btree ("zone_id","condition","cause") WHERE state <> 'cleared';--> statement-breakpoint
CREATE INDEX "alert_cleared" ON "alert" USING btree ("zone_id","condition","cause","cleared_at" DESC NULLS LAST) WHERE state = 'cleared';--> statement-breakpoint
CREATE INDEX "alert_over" ON "alert" USING btree ("cleared_at" DESC NULLS LAST,"alert_id" DESC NULLS LAST) WHERE state = 'cleared';--> statement-breakpoint
CREATE INDEX "alert_event_at" ON "alert_event" USING btree ("at");--> statement-breakpoint
CREATE INDEX "alert_reading_at" ON "alert_reading" USING btree ("at");--> statement-breakpoint
CREATE INDEX "silence_ends" ON "silence" USING btree ("ends_at");
--> statement-breakpoint
CREATE FUNCTION alert_event_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'alert_event is written once' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER alert_event_written_once BEFORE UPDATE ON alert_event
  FOR EACH STATEMENT EXECUTE FUNCTION alert_event_is_written_once();
