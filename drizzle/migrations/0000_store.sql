CREATE TABLE "audit_entry" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_entry_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamptz NOT NULL,
	"actor_kind" text NOT NULL,
	"operator_id" uuid,
	"actor_name" text NOT NULL,
	"session_id" uuid,
	"action" text NOT NULL,
	"target_kind" text NOT NULL,
	"target_id" text NOT NULL,
	"zones" text[] NOT NULL,
	"result" text NOT NULL,
	"reason" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"entry_key" text,
	CONSTRAINT "audit_entry_key_unique" UNIQUE("entry_key"),
	CONSTRAINT "audit_entry_actor_kind" CHECK ("audit_entry"."actor_kind" in ('operator', 'worker', 'stranger')),
	CONSTRAINT "audit_entry_result" CHECK ("audit_entry"."result" in ('done', 'denied', 'result'))
);
--> statement-breakpoint
CREATE TABLE "configuration_applied" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"environment" text NOT NULL,
	"content_hash" text NOT NULL,
	"at" timestamptz NOT NULL,
	"worker_id" text NOT NULL,
	CONSTRAINT "configuration_applied_one" CHECK ("configuration_applied"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "configuration_report" (
	"worker_id" text PRIMARY KEY NOT NULL,
	"content_hash" text,
	"ok" boolean NOT NULL,
	"problems" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contract_application" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "contract_application_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"zone_id" text NOT NULL,
	"revision" integer,
	"at" timestamptz NOT NULL,
	"worker_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contract_revision" (
	"zone_id" text NOT NULL,
	"revision" integer NOT NULL,
	"content_hash" text NOT NULL,
	"yaml" text NOT NULL,
	"body" jsonb NOT NULL,
	"applied_at" timestamptz NOT NULL,
	"applied_by" text NOT NULL,
	CONSTRAINT "contract_revision_zone_id_revision_pk" PRIMARY KEY("zone_id","revision"),
	CONSTRAINT "contract_revision_content_unique" UNIQUE("zone_id","content_hash")
);
--> statement-breakpoint
CREATE TABLE "zone" (
	"zone_id" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"revision" integer NOT NULL,
	"warnings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"position" integer NOT NULL,
	"retired_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "zone_event" (
	"zone_id" text NOT NULL,
	"source_id" text NOT NULL,
	"event_type" text NOT NULL,
	"consumer" text NOT NULL,
	CONSTRAINT "zone_event_zone_id_source_id_event_type_consumer_pk" PRIMARY KEY("zone_id","source_id","event_type","consumer")
);
--> statement-breakpoint
CREATE TABLE "dead_letter" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "dead_letter_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source_id" text NOT NULL,
	"source_seq" bigint NOT NULL,
	"group_id" bigint NOT NULL,
	"message_id" uuid NOT NULL,
	"business_key" text NOT NULL,
	"version" bigint,
	"consumer_version" text NOT NULL,
	"occurred_at" timestamptz,
	"parked_at" timestamptz NOT NULL,
	"since" timestamptz NOT NULL,
	"seen_at" timestamptz NOT NULL,
	"flagged" boolean DEFAULT false NOT NULL,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"changed_at" timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
--> statement-breakpoint
CREATE TABLE "dead_letter_body" (
	"id" bigint PRIMARY KEY NOT NULL,
	"schema_version" integer,
	"aggregate_type" text,
	"correlation_id" text,
	"causation_id" text,
	"traceparent" text,
	"error_message" text NOT NULL,
	"error_stack" text NOT NULL,
	"attempt_log" jsonb NOT NULL,
	"payload" jsonb,
	"payload_bytes" bigint NOT NULL,
	"headers" jsonb,
	"first_failed_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "dead_letter_claim" (
	"dead_letter" bigint PRIMARY KEY NOT NULL,
	"operation_id" bigint NOT NULL,
	"group_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dead_letter_group" (
	"group_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "dead_letter_group_group_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"fingerprint" text NOT NULL,
	"source_id" text NOT NULL,
	"consumer" text NOT NULL,
	"event_type" text NOT NULL,
	"error_type" text NOT NULL,
	"template" text NOT NULL,
	"frame" text,
	"zones" text[] DEFAULT '{}' NOT NULL,
	"open_n" integer DEFAULT 0 NOT NULL,
	"total_n" bigint DEFAULT 0 NOT NULL,
	"first_at" timestamptz NOT NULL,
	"last_at" timestamptz NOT NULL,
	"attempts_max" integer DEFAULT 0 NOT NULL,
	"versions" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "dead_letter_group_fingerprint" UNIQUE("fingerprint")
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE "dead_letter_history" (
	"id" bigint NOT NULL,
	"source_id" text NOT NULL,
	"source_seq" bigint NOT NULL,
	"group_id" bigint NOT NULL,
	"message_id" uuid NOT NULL,
	"business_key" text NOT NULL,
	"version" bigint,
	"consumer_version" text NOT NULL,
	"occurred_at" timestamptz,
	"parked_at" timestamptz NOT NULL,
	"closed_at" timestamptz NOT NULL,
	"closed_as" text NOT NULL,
	"attempts" integer NOT NULL,
	"body" jsonb NOT NULL,
	CONSTRAINT "dead_letter_history_id_closed_at_pk" PRIMARY KEY("id","closed_at")
) PARTITION BY RANGE ("closed_at");
--> statement-breakpoint
CREATE TABLE "group_arrival" (
	"level_s" smallint NOT NULL,
	"group_id" bigint NOT NULL,
	"bucket" timestamptz NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "group_arrival_level_s_group_id_bucket_pk" PRIMARY KEY("level_s","group_id","bucket")
);
--> statement-breakpoint
CREATE TABLE "lag_sample" (
	"level_s" smallint NOT NULL,
	"zone_id" text NOT NULL,
	"measure" text NOT NULL,
	"consumer" text NOT NULL,
	"at" timestamptz NOT NULL,
	"finished_buckets" smallint[] NOT NULL,
	"finished_counts" integer[] NOT NULL,
	"waiting_buckets" smallint[] NOT NULL,
	"waiting_counts" integer[] NOT NULL,
	CONSTRAINT "lag_sample_level_s_zone_id_measure_consumer_at_pk" PRIMARY KEY("level_s","zone_id","measure","consumer","at")
) PARTITION BY LIST ("level_s");
--> statement-breakpoint
CREATE TABLE "delivery_seen" (
	"consumer" text NOT NULL,
	"message_id" uuid NOT NULL,
	"seen_at" timestamptz NOT NULL,
	CONSTRAINT "delivery_seen_consumer_message_id_pk" PRIMARY KEY("consumer","message_id")
);
--> statement-breakpoint
CREATE TABLE "open_key" (
	"zone_id" text NOT NULL,
	"business_key" text NOT NULL,
	"since" timestamptz NOT NULL,
	"reasons" smallint NOT NULL,
	"facts" integer NOT NULL,
	CONSTRAINT "open_key_zone_id_business_key_pk" PRIMARY KEY("zone_id","business_key")
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
--> statement-breakpoint
CREATE TABLE "unresolved" (
	"source_id" text NOT NULL,
	"reason" text NOT NULL,
	"consumer" text DEFAULT '' NOT NULL,
	"ref" text NOT NULL,
	"zone_id" text NOT NULL,
	"business_key" text NOT NULL,
	"event_type" text DEFAULT '' NOT NULL,
	"since" timestamptz NOT NULL,
	"confirmed" boolean DEFAULT true NOT NULL,
	"flagged" boolean DEFAULT false NOT NULL,
	CONSTRAINT "unresolved_source_id_reason_consumer_ref_zone_id_pk" PRIMARY KEY("source_id","reason","consumer","ref","zone_id")
);
--> statement-breakpoint
CREATE TABLE "operation" (
	"operation_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "operation_operation_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1001 CACHE 1),
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_by_name" text NOT NULL,
	"requested_at" timestamptz NOT NULL,
	"request_key" text NOT NULL,
	"request_hash" text NOT NULL,
	"reason" text NOT NULL,
	"ticket" text,
	"title" text NOT NULL,
	"scope" text NOT NULL,
	"zones" text[] NOT NULL,
	"consumers" text[] NOT NULL,
	"items_n" integer NOT NULL,
	"keys_n" integer NOT NULL,
	"ended" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"ended_n" integer DEFAULT 0 NOT NULL,
	"ended_at" timestamptz,
	CONSTRAINT "operation_request_key" UNIQUE("requested_by","request_key")
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE "operation_chunk" (
	"operation_id" bigint NOT NULL,
	"chunk" integer NOT NULL,
	"source_id" text NOT NULL,
	"item_from" integer NOT NULL,
	"item_to" integer NOT NULL,
	"state" text NOT NULL,
	"claimed_by" text,
	"claimed_at" timestamptz,
	"claim" integer DEFAULT 0 NOT NULL,
	"sent_at" timestamptz,
	"ended_n" integer DEFAULT 0 NOT NULL,
	"uncertain" integer[] DEFAULT '{}' NOT NULL,
	"error" text,
	CONSTRAINT "operation_chunk_operation_id_chunk_pk" PRIMARY KEY("operation_id","chunk")
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE "operation_event" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "operation_event_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"operation_id" bigint NOT NULL,
	"at" timestamptz NOT NULL,
	"text" text NOT NULL,
	"request_key" text,
	CONSTRAINT "operation_event_key" UNIQUE("operation_id","request_key")
);
--> statement-breakpoint
CREATE TABLE "operation_item" (
	"operation_id" bigint NOT NULL,
	"item" integer NOT NULL,
	"dead_letter" bigint NOT NULL,
	"source_id" text NOT NULL,
	"source_seq" bigint NOT NULL,
	"group_id" bigint NOT NULL,
	"consumer" text NOT NULL,
	"message_id" uuid NOT NULL,
	"business_key" text NOT NULL,
	CONSTRAINT "operation_item_operation_id_item_pk" PRIMARY KEY("operation_id","item")
);
--> statement-breakpoint
CREATE TABLE "operation_outcome" (
	"operation_id" bigint NOT NULL,
	"item" integer NOT NULL,
	"outcome" text NOT NULL,
	"detail" text,
	"finished_at" timestamptz NOT NULL,
	CONSTRAINT "operation_outcome_operation_id_item_pk" PRIMARY KEY("operation_id","item")
);
--> statement-breakpoint
CREATE TABLE "operator" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"password_hash" text,
	"oidc_issuer" text,
	"oidc_subject" text,
	"role" text NOT NULL,
	"zones" text[],
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	"changed_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "operator_email_unique" UNIQUE("email"),
	CONSTRAINT "operator_oidc_unique" UNIQUE("oidc_issuer","oidc_subject"),
	CONSTRAINT "operator_email_lower" CHECK ("operator"."email" = lower("operator"."email")),
	CONSTRAINT "operator_role" CHECK ("operator"."role" in ('viewer', 'operator', 'approver', 'administrator')),
	CONSTRAINT "operator_oidc_whole" CHECK (("operator"."oidc_issuer" is null) = ("operator"."oidc_subject" is null))
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"operator_id" uuid NOT NULL,
	"created_at" timestamptz NOT NULL,
	"expires_at" timestamptz NOT NULL,
	"last_seen_at" timestamptz NOT NULL,
	"revoked_at" timestamptz,
	"user_agent" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_throttle" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"last_failure_at" timestamptz NOT NULL,
	"blocked_until" timestamptz
);
--> statement-breakpoint
CREATE TABLE "compensation_count" (
	"zone_id" text NOT NULL,
	"minute" timestamptz NOT NULL,
	"saga_type" text NOT NULL,
	"name" text NOT NULL,
	"succeeded" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "compensation_count_zone_id_minute_saga_type_name_pk" PRIMARY KEY("zone_id","minute","saga_type","name")
);
--> statement-breakpoint
CREATE TABLE "saga" (
	"source_id" text NOT NULL,
	"saga_id" uuid NOT NULL,
	"saga_type" text NOT NULL,
	"zone_id" text NOT NULL,
	"business_key" text NOT NULL,
	"correlation_id" text,
	"state" text NOT NULL,
	"step" text,
	"started_at" timestamptz NOT NULL,
	"updated_at" timestamptz,
	"deadline_at" timestamptz,
	"ended_at" timestamptz,
	"hold_until" timestamptz,
	CONSTRAINT "saga_source_id_saga_id_pk" PRIMARY KEY("source_id","saga_id")
);
--> statement-breakpoint
CREATE TABLE "saga_compensation" (
	"source_id" text NOT NULL,
	"saga_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"zone_id" text NOT NULL,
	"saga_type" text NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"deadline_at" timestamptz,
	"started_at" timestamptz,
	"ended_at" timestamptz,
	"error_type" text,
	"error_message" text,
	CONSTRAINT "saga_compensation_source_id_saga_id_position_pk" PRIMARY KEY("source_id","saga_id","position")
);
--> statement-breakpoint
CREATE TABLE "consumer_version" (
	"source_id" text NOT NULL,
	"consumer" text NOT NULL,
	"version" text NOT NULL,
	"first_seen_at" timestamptz NOT NULL,
	"last_seen_at" timestamptz NOT NULL,
	CONSTRAINT "consumer_version_source_id_consumer_version_pk" PRIMARY KEY("source_id","consumer","version")
);
--> statement-breakpoint
CREATE TABLE "deploy" (
	"source_id" text NOT NULL,
	"consumer" text NOT NULL,
	"version" text NOT NULL,
	"at" timestamptz NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "deploy_source_id_consumer_at_pk" PRIMARY KEY("source_id","consumer","at")
);
--> statement-breakpoint
CREATE TABLE "lease" (
	"name" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"epoch" bigint NOT NULL,
	"until" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "source" (
	"source_id" text PRIMARY KEY NOT NULL,
	"service" text NOT NULL,
	"preset" text NOT NULL,
	"consumers" text[] NOT NULL,
	"act" boolean NOT NULL,
	"observe_every_ms" integer NOT NULL,
	"position" smallint NOT NULL,
	"retired_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "source_count" (
	"source_id" text NOT NULL,
	"consumer" text NOT NULL,
	"measure" text NOT NULL,
	"hour" timestamptz NOT NULL,
	"n" bigint NOT NULL,
	CONSTRAINT "source_count_source_id_consumer_measure_hour_pk" PRIMARY KEY("source_id","consumer","measure","hour")
);
--> statement-breakpoint
CREATE TABLE "source_look" (
	"source_id" text PRIMARY KEY NOT NULL,
	"lease_owner" text,
	"lease_epoch" bigint DEFAULT 0 NOT NULL,
	"lease_until" timestamptz,
	"identity" text,
	"cursor" jsonb,
	"observed_at" timestamptz,
	"look_ms" integer,
	"clock_offset_ms" double precision,
	"long_transaction_ms" double precision,
	"backlog" boolean DEFAULT false NOT NULL,
	"figures" jsonb,
	"odd_rows_n" bigint DEFAULT 0 NOT NULL,
	"error" text,
	"failed_since" timestamptz,
	"failures" integer DEFAULT 0 NOT NULL,
	"next_look_at" timestamptz,
	"reread_at" timestamptz,
	"reread_why" text,
	"rechecked" jsonb
) WITH (fillfactor = 30);
--> statement-breakpoint
CREATE TABLE "worker" (
	"worker_id" text PRIMARY KEY NOT NULL,
	"started_at" timestamptz NOT NULL,
	"beat_at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "verdict_change" (
	"zone_id" text NOT NULL,
	"at" timestamptz NOT NULL,
	"verdict" text NOT NULL,
	"reasons" jsonb NOT NULL,
	"oldest_key" text,
	CONSTRAINT "verdict_change_zone_id_at_pk" PRIMARY KEY("zone_id","at")
);
--> statement-breakpoint
CREATE TABLE "zone_sample" (
	"level_s" smallint NOT NULL,
	"zone_id" text NOT NULL,
	"at" timestamptz NOT NULL,
	"verdict" smallint NOT NULL,
	"oldest_ms" bigint,
	"keys_n" integer,
	"parked_n" integer,
	CONSTRAINT "zone_sample_level_s_zone_id_at_pk" PRIMARY KEY("level_s","zone_id","at")
) PARTITION BY LIST ("level_s");
--> statement-breakpoint
CREATE TABLE "zone_status" (
	"zone_id" text PRIMARY KEY NOT NULL,
	"verdict" text NOT NULL,
	"verdict_since" timestamptz NOT NULL,
	"was_verdict" text,
	"facts" jsonb NOT NULL,
	"figures" jsonb NOT NULL,
	"keys_by_age" jsonb,
	"causes" jsonb NOT NULL,
	"judged_at" timestamptz NOT NULL
) WITH (fillfactor = 30);
--> statement-breakpoint
ALTER TABLE "zone" ADD CONSTRAINT "zone_revision" FOREIGN KEY ("zone_id","revision") REFERENCES "public"."contract_revision"("zone_id","revision") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "zone_event" ADD CONSTRAINT "zone_event_zone_id_zone_zone_id_fk" FOREIGN KEY ("zone_id") REFERENCES "public"."zone"("zone_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_operator_id_operator_id_fk" FOREIGN KEY ("operator_id") REFERENCES "public"."operator"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_entry_by_time" ON "audit_entry" USING btree ("at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "audit_entry_by_operator" ON "audit_entry" USING btree ("operator_id","at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "audit_entry_by_target" ON "audit_entry" USING btree ("target_kind","target_id","at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "audit_entry_by_zone" ON "audit_entry" USING gin ("zones");--> statement-breakpoint
CREATE INDEX "contract_application_by_zone" ON "contract_application" USING btree ("zone_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "zone_event_by_event" ON "zone_event" USING btree ("event_type","source_id","consumer");--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letter_identity" ON "dead_letter" USING btree ("source_id","source_seq");--> statement-breakpoint
CREATE INDEX "dead_letter_group_parked" ON "dead_letter" USING btree ("group_id","parked_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "dead_letter_parked" ON "dead_letter" USING btree ("parked_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "dead_letter_business_key" ON "dead_letter" USING btree ("business_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "dead_letter_message" ON "dead_letter" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "dead_letter_claim_operation" ON "dead_letter_claim" USING btree ("operation_id");--> statement-breakpoint
CREATE INDEX "dead_letter_claim_group" ON "dead_letter_claim" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "dead_letter_history_group" ON "dead_letter_history" USING btree ("group_id","parked_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "dead_letter_history_key" ON "dead_letter_history" USING btree ("business_key" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "group_arrival_bucket" ON "group_arrival" USING btree ("level_s","bucket");--> statement-breakpoint
CREATE INDEX "delivery_seen_at" ON "delivery_seen" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "open_key_zone_since" ON "open_key" USING btree ("zone_id","since");--> statement-breakpoint
CREATE INDEX "unresolved_zone_key" ON "unresolved" USING btree ("zone_id","business_key");--> statement-breakpoint
CREATE INDEX "unresolved_zone_source_since" ON "unresolved" USING btree ("zone_id","source_id","since");--> statement-breakpoint
CREATE INDEX "unresolved_business_key" ON "unresolved" USING btree ("business_key");--> statement-breakpoint
CREATE INDEX "operation_state" ON "operation" USING btree ("state");--> statement-breakpoint
CREATE INDEX "operation_requested_at" ON "operation" USING btree ("requested_at");--> statement-breakpoint
CREATE INDEX "operation_chunk_open" ON "operation_chunk" USING btree ("source_id","state");--> statement-breakpoint
CREATE INDEX "operation_event_operation" ON "operation_event" USING btree ("operation_id","id");--> statement-breakpoint
CREATE INDEX "operation_item_dead_letter" ON "operation_item" USING btree ("dead_letter");--> statement-breakpoint
CREATE INDEX "operation_outcome_kind" ON "operation_outcome" USING btree ("operation_id","outcome","item");--> statement-breakpoint
CREATE INDEX "session_by_operator" ON "session" USING btree ("operator_id","created_at");--> statement-breakpoint
CREATE INDEX "session_by_expiry" ON "session" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sign_in_throttle_by_age" ON "sign_in_throttle" USING btree ("last_failure_at");--> statement-breakpoint
CREATE INDEX "saga_zone_started" ON "saga" USING btree ("zone_id","started_at");--> statement-breakpoint
CREATE INDEX "saga_compensation_zone" ON "saga_compensation" USING btree ("zone_id","state");--> statement-breakpoint
CREATE INDEX "verdict_change_at" ON "verdict_change" USING btree ("at");
--> statement-breakpoint
-- Append-only for the owner too: rights stop the runtime role, this stops everybody who does not first disable it by hand.
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit_entry is append-only' using errcode = 'insufficient_privilege';
end
$$;
--> statement-breakpoint
create trigger audit_entry_append_only before update or delete or truncate on audit_entry
  for each statement execute function audit_is_append_only();
--> statement-breakpoint
-- A time as it came from a source, epoch ms: infinite, absurd and missing ones are null.
CREATE FUNCTION instant_of(ms float8) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN ms > -6e13 AND ms < 2.5e14 THEN to_timestamp(ms / 1000) END
$$;
--> statement-breakpoint
-- Two maps of counts, added; what comes to nothing is left out.
CREATE FUNCTION add_counts(a jsonb, b jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_object_agg(key, n), '{}') FROM (
    SELECT key, sum(value::int) AS n FROM (SELECT * FROM jsonb_each_text(a) UNION ALL SELECT * FROM jsonb_each_text(b)) kv GROUP BY key HAVING sum(value::int) <> 0) s
$$;
--> statement-breakpoint
-- Levels of the series: width of a partition, and how long one is kept. The runtime role may not create tables; this function does it for it, and nothing else.
CREATE TABLE lag_sample_10 PARTITION OF lag_sample FOR VALUES IN (10) PARTITION BY RANGE (at);
--> statement-breakpoint
CREATE TABLE lag_sample_60 PARTITION OF lag_sample FOR VALUES IN (60) PARTITION BY RANGE (at);
--> statement-breakpoint
CREATE TABLE lag_sample_300 PARTITION OF lag_sample FOR VALUES IN (300) PARTITION BY RANGE (at);
--> statement-breakpoint
CREATE TABLE lag_sample_3600 PARTITION OF lag_sample FOR VALUES IN (3600) PARTITION BY RANGE (at);
--> statement-breakpoint
CREATE TABLE zone_sample_10 PARTITION OF zone_sample FOR VALUES IN (10) PARTITION BY RANGE (at);
--> statement-breakpoint
CREATE TABLE zone_sample_60 PARTITION OF zone_sample FOR VALUES IN (60) PARTITION BY RANGE (at);
--> statement-breakpoint
CREATE TABLE zone_sample_300 PARTITION OF zone_sample FOR VALUES IN (300) PARTITION BY RANGE (at);
--> statement-breakpoint
CREATE TABLE zone_sample_3600 PARTITION OF zone_sample FOR VALUES IN (3600) PARTITION BY RANGE (at);
--> statement-breakpoint
CREATE FUNCTION keep_partitions(today timestamptz) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' SET timezone = 'UTC' AS $$
DECLARE
  spec record; span timestamptz; child text; made int := 0; old record;
BEGIN
  PERFORM pg_advisory_xact_lock(4127002);
  FOR spec IN SELECT * FROM (VALUES
      ('lag_sample_10', 'day', interval '1 day', interval '24 hours'), ('lag_sample_60', 'day', interval '1 day', interval '14 days'),
      ('lag_sample_300', 'month', interval '1 month', interval '60 days'), ('lag_sample_3600', 'month', interval '1 month', interval '400 days'),
      ('zone_sample_10', 'day', interval '1 day', interval '24 hours'), ('zone_sample_60', 'day', interval '1 day', interval '14 days'),
      ('zone_sample_300', 'month', interval '1 month', interval '60 days'), ('zone_sample_3600', 'month', interval '1 month', interval '400 days'),
      ('dead_letter_history', 'month', interval '1 month', interval '400 days')) AS s(parent, unit, width, keep)
  LOOP
    span := date_trunc(spec.unit, today) - spec.width;
    WHILE span < today + 2 * spec.width LOOP
      child := spec.parent || '_p' || to_char(span, 'YYYYMMDD');
      IF to_regclass(child) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, spec.parent, date_trunc(spec.unit, span), date_trunc(spec.unit, span + spec.width));
        made := made + 1;
      END IF;
      span := date_trunc(spec.unit, span + spec.width);
    END LOOP;
    FOR old IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = spec.parent::regclass AND c.relname ~ ('^' || spec.parent || '_p[0-9]{8}$')
                 AND to_timestamp(right(c.relname, 8), 'YYYYMMDD') + spec.width < today - spec.keep
    LOOP
      EXECUTE format('DROP TABLE %I', old.relname);
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;
--> statement-breakpoint
SELECT keep_partitions(now());
