CREATE TABLE "forecast" (
	"forecast_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "forecast_forecast_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"selection" jsonb NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamptz NOT NULL,
	"last_letter" bigint NOT NULL,
	"taken_by" text,
	"taken_at" timestamptz,
	"ended_at" timestamptz,
	"looked_n" integer DEFAULT 0 NOT NULL,
	"found" jsonb
);
--> statement-breakpoint
CREATE TABLE "forecast_letter" (
	"forecast_id" bigint NOT NULL,
	"outcome" text NOT NULL,
	"dead_letter" bigint NOT NULL,
	CONSTRAINT "forecast_letter_forecast_id_outcome_dead_letter_pk" PRIMARY KEY("forecast_id","outcome","dead_letter")
);
--> statement-breakpoint
CREATE INDEX "forecast_open" ON "forecast" USING btree ("asked_at") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "forecast_asked_at" ON "forecast" USING btree ("asked_at");