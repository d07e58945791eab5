CREATE TABLE "saga_hold" (
	"hold_id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "saga_hold_hold_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_by_name" text NOT NULL,
	"requested_at" timestamptz NOT NULL,
	"request_key" text NOT NULL,
	"request_hash" text NOT NULL,
	"reason" text,
	"until" timestamptz,
	"undoes" bigint,
	"zones" text[] NOT NULL,
	"sagas_n" integer NOT NULL,
	"settled_at" timestamptz,
	CONSTRAINT "saga_hold_request_key" UNIQUE("requested_by","request_key")
);
--> statement-breakpoint
CREATE TABLE "saga_hold_item" (
	"hold_id" bigint NOT NULL,
	"source_id" text NOT NULL,
	"saga_id" uuid NOT NULL,
	"business_key" text NOT NULL,
	"until" timestamptz,
	"standing" timestamptz,
	"outcome" text,
	"held_until" timestamptz,
	"settled_at" timestamptz,
	"error" text,
	"due_at" timestamptz NOT NULL,
	CONSTRAINT "saga_hold_item_hold_id_source_id_saga_id_pk" PRIMARY KEY("hold_id","source_id","saga_id")
);
--> statement-breakpoint
CREATE INDEX "saga_hold_requested_at" ON "saga_hold" USING btree ("requested_at");--> statement-breakpoint
CREATE INDEX "saga_hold_item_saga" ON "saga_hold_item" USING btree ("source_id","saga_id","hold_id");--> statement-breakpoint
CREATE INDEX "saga_hold_item_open" ON "saga_hold_item" USING btree ("source_id","due_at") WHERE outcome is null;