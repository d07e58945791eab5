CREATE TABLE "group_ending" (
	"group_id" bigint NOT NULL,
	"n" integer NOT NULL,
	"source_id" text NOT NULL,
	"consumer" text NOT NULL,
	"frame" text,
	"began_at" timestamptz NOT NULL,
	"ended_at" timestamptz NOT NULL,
	"by_name" text NOT NULL,
	"reason" text,
	"operation_id" bigint,
	"version" text,
	"processed_n" integer NOT NULL,
	"discarded_n" integer NOT NULL,
	"gone_n" integer NOT NULL,
	CONSTRAINT "group_ending_group_id_n_pk" PRIMARY KEY("group_id","n")
);
--> statement-breakpoint
CREATE TABLE "group_event" (
	"group_id" bigint NOT NULL,
	"n" integer NOT NULL,
	"at" timestamptz NOT NULL,
	"kind" text NOT NULL,
	"by_id" uuid,
	"by_name" text NOT NULL,
	"text" jsonb NOT NULL,
	CONSTRAINT "group_event_group_id_n_pk" PRIMARY KEY("group_id","n")
);
--> statement-breakpoint
CREATE TABLE "group_triage" (
	"group_id" bigint PRIMARY KEY NOT NULL,
	"state" text DEFAULT 'new' NOT NULL,
	"state_n" integer DEFAULT 0 NOT NULL,
	"state_at" timestamptz,
	"state_by_name" text,
	"assignee" uuid,
	"assignee_name" text,
	"ticket" text,
	"ticket_by_name" text,
	"waits_for" text,
	"ready_at" timestamptz,
	"ready_version" text,
	"muted_until" timestamptz,
	"muted_above" integer,
	"resolved_total_n" bigint,
	"regressed_at" timestamptz,
	"regressed_from" text,
	"stirred" boolean DEFAULT false NOT NULL,
	"emptied_at" timestamptz,
	"events_n" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX "group_ending_place" ON "group_ending" USING btree ("source_id","consumer","frame","ended_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "group_triage_stirred" ON "group_triage" USING btree ("group_id") WHERE stirred;--> statement-breakpoint
CREATE INDEX "group_triage_emptied" ON "group_triage" USING btree ("emptied_at") WHERE emptied_at is not null and state <> 'resolved';--> statement-breakpoint
CREATE INDEX "group_triage_waiting" ON "group_triage" USING btree ("group_id") WHERE state = 'waiting' and ready_at is null;--> statement-breakpoint
CREATE INDEX "group_triage_muted" ON "group_triage" USING btree ("group_id") WHERE state = 'muted';--> statement-breakpoint
CREATE INDEX "group_triage_assignee" ON "group_triage" USING btree ("assignee") WHERE assignee is not null;
--> statement-breakpoint
-- Append-only for the owner too, as a case's history is: what was said of a group stays said.
CREATE FUNCTION group_history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'group_event is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER group_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON group_event
  FOR EACH STATEMENT EXECUTE FUNCTION group_history_is_append_only();
--> statement-breakpoint
SELECT tell_live('group_triage', 'dead-letters');
