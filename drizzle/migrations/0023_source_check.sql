CREATE TABLE "source_check" (
	"source_id" text PRIMARY KEY NOT NULL,
	"checked_at" timestamptz NOT NULL,
	"checks" jsonb NOT NULL
);
