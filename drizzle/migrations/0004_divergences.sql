CREATE TABLE "divergence" (
	"divergence_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "divergence_divergence_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"zone_id" text NOT NULL,
	"rule" text NOT NULL,
	"business_key" text NOT NULL,
	"key" text NOT NULL,
	"kind" text NOT NULL,
	"detail" text,
	"state" text NOT NULL,
	"since" timestamptz NOT NULL,
	"first_seen_at" timestamptz NOT NULL,
	"last_seen_at" timestamptz NOT NULL,
	"confirmed_at" timestamptz,
	"resolved_at" timestamptz,
	"resolution" text,
	"accepted_until" timestamptz,
	"fields" jsonb NOT NULL,
	"explained_by" text,
	"version" text,
	"changed_at" text,
	"authority_print" text,
	"projection_print" text,
	"seen_n" integer NOT NULL,
	"restarts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamptz NOT NULL,
	"history" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reconciliation_rule" (
	"zone_id" text NOT NULL,
	"rule" text NOT NULL,
	"next_run_at" timestamptz NOT NULL,
	"place" jsonb,
	"ran_at" timestamptz,
	"run_ms" integer,
	"authority_n" bigint,
	"projection_n" bigint,
	"matched_n" bigint,
	"suspects_n" integer,
	"coverage" double precision,
	"source_ms" integer,
	"bytes_n" bigint,
	"error" text,
	"error_since" timestamptz,
	"notes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"mass_since" timestamptz,
	"mass_n" integer,
	"wish_key" text,
	CONSTRAINT "reconciliation_rule_zone_id_rule_pk" PRIMARY KEY("zone_id","rule")
);
--> statement-breakpoint
ALTER TABLE "zone_sample" ADD COLUMN "missing_n" integer;--> statement-breakpoint
ALTER TABLE "zone_sample" ADD COLUMN "unexpected_n" integer;--> statement-breakpoint
ALTER TABLE "zone_sample" ADD COLUMN "mismatch_n" integer;--> statement-breakpoint
ALTER TABLE "zone_sample" ADD COLUMN "duplicate_n" integer;--> statement-breakpoint
CREATE UNIQUE INDEX "divergence_one" ON "divergence" USING btree ("zone_id","rule","key") WHERE state <> 'resolved';--> statement-breakpoint
CREATE INDEX "divergence_due" ON "divergence" USING btree ("zone_id","rule","due_at") WHERE state <> 'resolved';--> statement-breakpoint
CREATE INDEX "divergence_open" ON "divergence" USING btree ("since","divergence_id") WHERE state in ('open', 'accepted');--> statement-breakpoint
CREATE INDEX "divergence_resolved" ON "divergence" USING btree ("resolved_at" DESC NULLS FIRST,"divergence_id" DESC NULLS FIRST) WHERE state = 'resolved';--> statement-breakpoint
CREATE INDEX "divergence_business_key" ON "divergence" USING btree ("business_key" text_pattern_ops);