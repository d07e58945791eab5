CREATE TABLE "discovery" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"look_id" uuid NOT NULL,
	"variables" text[] NOT NULL,
	"sources" text[] NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamptz NOT NULL,
	"taken_by" text,
	"taken_at" timestamptz,
	"ended_at" timestamptz,
	"problem" text,
	"found" jsonb
);
