CREATE TABLE "case_event" (
	"case_id" bigint NOT NULL,
	"n" integer NOT NULL,
	"at" timestamptz NOT NULL,
	"kind" text NOT NULL,
	"by_id" uuid,
	"by_name" text NOT NULL,
	"text" jsonb NOT NULL,
	"request_key" text,
	CONSTRAINT "case_event_case_id_n_pk" PRIMARY KEY("case_id","n")
);
--> statement-breakpoint
CREATE TABLE "case_file" (
	"case_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "case_file_case_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 101 CACHE 1),
	"zone_id" text NOT NULL,
	"cause_kind" text NOT NULL,
	"cause_ref" text NOT NULL,
	"business_key" text,
	"title" text NOT NULL,
	"facts" jsonb NOT NULL,
	"opened_at" timestamptz NOT NULL,
	"opened_by" uuid,
	"opened_by_name" text NOT NULL,
	"open_key" text,
	"due_at" timestamptz NOT NULL,
	"assignee" uuid,
	"assignee_name" text,
	"acknowledged_at" timestamptz,
	"acknowledged_by_name" text,
	"touched_at" timestamptz,
	"snoozed_until" timestamptz,
	"wakes_at" timestamptz,
	"cause_gone_at" timestamptz,
	"resolved_at" timestamptz,
	"resolved_by_name" text,
	"resolution" text,
	"resolution_reason" text,
	"accepted_until" timestamptz,
	"reopened_n" integer DEFAULT 0 NOT NULL,
	"runbook" jsonb,
	"ticked_n" integer DEFAULT 0 NOT NULL,
	"events_n" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "case_open_key" UNIQUE("opened_by","open_key"),
	CONSTRAINT "case_resolved_whole" CHECK (("case_file"."resolved_at" is null) = ("case_file"."resolution" is null))
);
--> statement-breakpoint
CREATE TABLE "case_tick" (
	"case_id" bigint NOT NULL,
	"step" integer NOT NULL,
	"at" timestamptz NOT NULL,
	"by_name" text NOT NULL,
	CONSTRAINT "case_tick_case_id_step_pk" PRIMARY KEY("case_id","step")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "case_event_key" ON "case_event" USING btree ("case_id","by_id","request_key") WHERE request_key is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "case_one" ON "case_file" USING btree ("zone_id","cause_kind","cause_ref") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "case_cause" ON "case_file" USING btree ("zone_id","cause_kind","cause_ref","case_id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "case_due" ON "case_file" USING btree ("due_at","case_id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "case_assignee" ON "case_file" USING btree ("assignee","due_at") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "case_resolved" ON "case_file" USING btree ("resolved_at" DESC NULLS FIRST,"case_id" DESC NULLS FIRST) WHERE resolved_at is not null;--> statement-breakpoint
CREATE INDEX "case_business_key" ON "case_file" USING btree ("business_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "case_followed" ON "case_file" USING btree ("case_id") WHERE cause_gone_at is null and cause_kind <> 'manual';
--> statement-breakpoint
-- Append-only for the owner too, as the audit is: what was said of a case stays said.
create function case_history_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'case_event is append-only' using errcode = 'insufficient_privilege';
end
$$;
--> statement-breakpoint
create trigger case_event_append_only before update or delete or truncate on case_event
  for each statement execute function case_history_is_append_only();
