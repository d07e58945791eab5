CREATE TABLE "channel" (
	"name" text PRIMARY KEY NOT NULL,
	"position" integer NOT NULL,
	"settings" jsonb NOT NULL,
	"last_sent_at" timestamptz,
	"last_failed_at" timestamptz,
	"failing_since" timestamptz,
	"failures_n" integer DEFAULT 0 NOT NULL,
	"last_words" text,
	"told_to" text,
	"heartbeat_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "notification" (
	"notification_id" uuid PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"subject" text NOT NULL,
	"n" integer NOT NULL,
	"alert_id" bigint,
	"zone_id" text,
	"kind" text NOT NULL,
	"urgent" boolean NOT NULL,
	"content" jsonb NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamptz NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"refusals" integer DEFAULT 0 NOT NULL,
	"attempted_at" timestamptz,
	"next_at" timestamptz NOT NULL,
	"claimed_until" timestamptz,
	"claim_n" integer DEFAULT 0 NOT NULL,
	"answer" text,
	"words" text,
	"sent_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "notification_due" (
	"alert_id" bigint NOT NULL,
	"n" integer NOT NULL,
	"held" text,
	CONSTRAINT "notification_due_alert_id_n_pk" PRIMARY KEY("alert_id","n")
);
--> statement-breakpoint
CREATE TABLE "telling" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"routes" jsonb NOT NULL,
	"digests" jsonb NOT NULL,
	CONSTRAINT "telling_one" CHECK ("telling"."id" = 1)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "notification_step" ON "notification" USING btree ("channel","subject","n");--> statement-breakpoint
CREATE INDEX "notification_waiting" ON "notification" USING btree ("channel","urgent" DESC NULLS LAST,"created_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "notification_attempted" ON "notification" USING btree ("channel","attempted_at" DESC NULLS LAST) WHERE attempted_at is not null;--> statement-breakpoint
CREATE INDEX "notification_listed" ON "notification" USING btree ("created_at" DESC NULLS LAST,"notification_id");--> statement-breakpoint
CREATE INDEX "notification_alert" ON "notification" USING btree ("alert_id") WHERE alert_id is not null;--> statement-breakpoint
CREATE INDEX "notification_dead" ON "notification" USING btree ("channel") WHERE state = 'dead';
--> statement-breakpoint
-- A step of an alert is due to be told in the transaction that takes it: none can be missed. What only may become an alert is told to nobody.
CREATE FUNCTION alert_event_is_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO notification_due (alert_id, n) SELECT alert_id, n FROM added WHERE kind <> 'pending';
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER alert_event_due AFTER INSERT ON alert_event
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION alert_event_is_due();
